import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientOf, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { HookTarget } from '../harness/hook-target.ts';
import { createProduct } from '../particle-api-js/methods/world.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

interface Person {
  readonly client: Particle;
  readonly shell: Shell;
}

let server: CloudServer;
let shells: Shells;
let target: HookTarget;
beforeAll(async () => {
  // Webhooks of the tests lead to this machine.
  [server, shells, target] = await Promise.all([
    startServer({ env: { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1', CHAMBER_ORG_CREATION: 'open' } }),
    openShells(),
    HookTarget.open(),
  ]);
});
afterAll(async () => {
  target?.close();
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

async function newPerson(): Promise<Person> {
  const account = { username: `${randomBytes(6).toString('hex')}@example.net`, password: 'a long password' };
  const client = await signUp(server, account);
  const { body } = await clientOf(server).login(account);
  return { client, shell: await shells.open({ apiUrl: server.url, access_token: body.access_token }) };
}

const ID = '[0-9a-f]{24}';
const CREATED = new RegExp(`^Successfully created webhook with ID (${ID})\n$`);
const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

/** Makes a webhook by these words. @returns its id */
async function create({ chamber }: Shell, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await chamber(['webhook', 'create', ...words]);
  expect([code, stderr]).toEqual([0, '']);
  const [, id = ''] = CREATED.exec(stdout) ?? [];
  expect(id).not.toBe('');
  return id;
}

describeRows('Integrations', [
  {
    ids: ['CLI-37'],
    what: '`webhook create <event> <url> [device]`, `webhook create <file.json>`, `webhook GET` and `webhook POST` make webhooks that are called',
    note: 'A file may have `event` or `eventName`; unknown keys are passed on',
    async run() {
      const { client, shell } = await newPerson();
      const { deviceId } = await registerDevice(client, 'lamp');
      await create(shell, 'watered', `${target.url}/created`);
      const hook = await create(shell, 'watered', `${target.url}/lamp`, 'lamp');
      expect(await shell.json(['integration', 'get', hook])).toMatchObject({ deviceID: deviceId });
      const settings = { eventName: 'watered', url: `${target.url}/file`, requestType: 'PUT', mydevices: true };
      await shell.write(
        'webhook.json',
        `\ufeff${JSON.stringify({ ...settings, json: { bed: '{{{PARTICLE_EVENT_VALUE}}}' } })}`,
      );
      const ofFile = await create(shell, 'webhook.json');
      expect(await shell.json(['integration', 'get', ofFile])).toMatchObject({ event: 'watered', mydevices: true });
      for (const type of ['GET', 'POST']) {
        expect((await shell.chamber(['webhook', type, 'watered', `${target.url}/${type}`])).stdout).toMatch(CREATED);
      }
      await client.publishEvent({ name: 'watered', data: 'roses' });
      expect(await target.received('/created')).toMatchObject({ method: 'POST' });
      expect(await target.received('/POST')).toMatchObject({ method: 'POST' });
      const got = () => target.requests.find(({ method, path }) => method === 'GET' && path.startsWith('/GET?'));
      expect((await eventually('a GET request', got)).path).toContain('data=roses');
      expect(await target.received('/file')).toMatchObject({ method: 'PUT' });
      expect(JSON.parse((await target.received('/file')).body)).toMatchObject({ bed: 'roses' });
      expect(target.requests.map(({ path }) => path)).not.toContain('/lamp');
    },
  },
  {
    ids: ['CLI-37'],
    what: 'a file that is no JSON is told with its line, and secrets are printed nowhere',
    note: '`--secret-file` keeps the signing secret, which the cloud tells once',
    async run() {
      const { shell } = await newPerson();
      const failing = async (words: string[], code: number, text: string) => {
        const outcome = await shell.chamber(['webhook', 'create', ...words]);
        expect([words, outcome.code, outcome.stdout]).toEqual([words, code, '']);
        expect(outcome.stderr).toContain(text);
        expect(outcome.stderr).not.toContain('hush');
      };
      await shell.write('broken.json', '{\n  "event": "a",\n  "auth": {"bearer": "hush"}\n  "url": "x"\n}\n');
      await failing(['broken.json'], 2, 'broken.json is no JSON: line 4, column 3 should have a comma or }');
      await shell.write('list.json', '[]');
      await failing(['list.json'], 2, 'one JSON object');
      await failing(['missing.json'], 1, 'There is no file');
      await failing(['temp'], 2, 'There is no address for "temp"');
      await failing(['temp', 'ftp://x'], 1, 'url');
      await failing(['temp', 'https://example.net', 'nowhere'], 5, 'none of your devices');

      const secret = { event: 'a', url: target.url, auth: { bearer: 'hush' } };
      await shell.write('secret.json', JSON.stringify(secret));
      const made = await shell.chamber(['webhook', 'create', 'secret.json', '--secret-file', 'key', '--json', '-v']);
      expect(made.code).toBe(0);
      const key = await readFile(join(shell.folder, 'key'), 'utf8');
      expect(key).toMatch(/^whsec_\S+\n$/);
      expect((await stat(join(shell.folder, 'key'))).mode & 0o777).toBe(0o600);
      expect(made.stdout + made.stderr).not.toMatch(/hush|whsec_/);
      await failing(['secret.json', '--secret-file', 'key'], 1, 'exists already');
      const listed = await shell.chamber(['webhook', 'list', '--json']);
      expect(JSON.parse(listed.stdout)).toMatchObject({ data: [{ event: 'a' }] });
      expect(listed.stdout).not.toMatch(/hush|whsec_/);
    },
  },
  {
    ids: ['CLI-38'],
    what: '`webhook list` prints each webhook with its number, event, address, device and time',
    async run() {
      const { client, shell } = await newPerson();
      expect((await shell.chamber(['webhook', 'list'])).stdout).toBe('Found 0 hooks registered\n');
      const { deviceId } = await registerDevice(client, 'lamp');
      const first = await create(shell, 'temp', 'http://google.com', deviceId);
      const second = await create(shell, 'hello', 'https://google.com');
      const { code, stdout, stderr } = await shell.chamber(['webhook', 'list']);
      expect([code, stderr]).toEqual([0, '']);
      const expected = [
        'Found 2 hooks registered',
        '',
        `    1.) Hook ID ${first} is watching for "temp"`,
        '        and sending to: http://google.com',
        `        for device ${deviceId}`,
        '        created at TIME',
        '',
        `    2.) Hook ID ${second} is watching for "hello"`,
        '        and sending to: https://google.com',
        '        created at TIME',
        '',
      ];
      expect(stdout.replaceAll(new RegExp(TIME, 'g'), 'TIME').split('\n')).toEqual(expected);
    },
  },
  {
    ids: ['CLI-39', 'CLI-40'],
    what: '`webhook delete <id>` deletes one; `webhook delete all` asks, then deletes all and names each',
    async run() {
      const { client, shell } = await newPerson();
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'd']) ids.push(await create(shell, name, 'https://example.net'));
      const [first = '', ...others] = ids;
      const deleted = await shell.chamber(['webhook', 'delete', first]);
      expect(deleted).toEqual({ code: 0, stdout: 'Successfully deleted webhook!\n', stderr: '' });
      expect((await shell.chamber(['webhook', 'delete', first])).code).toBe(5);
      const asked = await shell.chamber(['webhook', 'delete', 'all']);
      expect(asked).toMatchObject({ code: 2, stdout: '' });
      expect(asked.stderr).toContain('Do you want to delete ALL your webhooks?');
      expect((await client.listIntegrations({})).body).toHaveLength(3);
      const all = await shell.chamber(['webhook', 'delete', 'all', '--yes']);
      expect(all).toEqual({
        code: 0,
        stdout: `Found 3 hooks registered\n\n${others.map((id) => `deleting ${id}\n`).join('')}`,
        stderr: '',
      });
      expect((await client.listIntegrations({})).body).toEqual([]);
      expect(await shell.json(['webhook', 'delete', 'all', '--yes'])).toEqual({ deleted: [] });
    },
  },
  {
    ids: ['CLI-37', 'CLI-38', 'CLI-39'],
    what: 'integrations of a product or an organization are made, listed and deleted with `--product` and `--org`, and copied into a product',
    note: 'An addition of Cloud Chamber',
    async run() {
      const { client, shell } = await newPerson();
      const product = `${await createProduct(client, `Lamps ${randomBytes(4).toString('hex')}`)}`;
      const data = { name: `Acme ${randomBytes(4).toString('hex')}` };
      const { body } = await client.post<{ organization: { slug: string } }>({ uri: '/v1/orgs', data });
      for (const place of [
        ['--product', product],
        ['--org', body.organization.slug],
      ]) {
        const id = await create(shell, 'temp', 'https://example.net', ...place);
        const listed = await shell.chamber(['integration', 'list', ...place]);
        expect(listed.stdout).toContain(`Found 1 integrations registered\n\n    1.) Integration ID ${id} is watching`);
        expect((await shell.chamber(['integration', 'get', id, ...place])).stdout).toContain(`Webhook ${id}, created`);
        expect((await shell.chamber(['integration', 'get', id])).code).toBe(5);
        expect((await shell.chamber(['webhook', 'delete', id, ...place])).stdout).toContain('Successfully deleted');
        expect((await shell.chamber(['webhook', 'create', 'a', 'https://b.net', 'lamp', ...place])).code).toBe(2);
      }
      expect((await shell.chamber(['webhook', 'list', '--product', 'nowhere'])).code).toBe(5);
      const own = await create(shell, 'temp', 'https://example.net');
      const copied = await shell.chamber(['integration', 'copy', own, '--product', product]);
      expect(copied.stdout).toMatch(CREATED);
      expect((await shell.chamber(['integration', 'copy', own, '--product', product, '--move'])).code).toBe(0);
      expect(await shell.json(['webhook', 'list'])).toEqual([]);
      expect(await shell.json(['webhook', 'list', '--product', product])).toHaveLength(2);
    },
  },
  {
    ids: ['CLI-37'],
    what: 'an integration is tested, changed, disabled and enabled; its last requests are shown',
    note: 'An addition of Cloud Chamber',
    async run() {
      const { client, shell } = await newPerson();
      const id = await create(shell, 'temp', `${target.url}/life`);
      const tested = await shell.chamber(['integration', 'test', id, '--data', '21.6']);
      expect(tested).toMatchObject({ code: 0, stdout: 'The request succeeded\nthanks\n' });
      expect((await target.received('/life')).body).toContain('21.6');

      expect((await shell.chamber(['integration', 'update', id])).code).toBe(2);
      const changed = await shell.json([
        'integration',
        'update',
        id,
        '--url',
        `${target.url}/changed`,
        '--name',
        'new',
      ]);
      expect(changed).toMatchObject({ name: 'new', url: `${target.url}/changed`, event: 'temp' });
      await shell.write('all.json', JSON.stringify({ event: 'heat', url: `${target.url}/replaced` }));
      expect((await shell.chamber(['webhook', 'update', id, 'all.json'])).stdout).toBe(`Changed ${id}\n`);
      expect((await shell.chamber(['integration', 'disable', id])).stdout).toBe(`Disabled ${id}\n`);
      expect((await shell.chamber(['webhook', 'list'])).stdout).toContain('        and is disabled');
      await client.publishEvent({ name: 'heat', data: 'unheard' });
      expect((await shell.chamber(['integration', 'enable', id])).stdout).toBe(`Enabled ${id}\n`);
      await client.publishEvent({ name: 'heat', data: 'heard' });
      expect((await target.received('/replaced')).body).toContain('heard');
      const logged = await eventually('the request in the log', async () => {
        const { stdout } = await shell.chamber(['integration', 'logs', id]);
        return stdout.includes('/replaced') && stdout;
      });
      expect(logged).toMatch(
        new RegExp(`^Time .*\n${TIME} +success +heat +POST /replaced HTTP/1.1 +HTTP/1.1 200 OK\n$`),
      );

      const unreachable = await create(shell, 'temp', 'http://127.0.0.1:9/');
      const failed = await shell.chamber(['integration', 'test', unreachable]);
      expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('The request failed: ') });
    },
  },
  {
    ids: ['CLI-37'],
    what: 'failed deliveries are listed and attempted again with `integration replay`; `events replay` delivers past events once more',
    note: 'An addition of Cloud Chamber',
    async run() {
      const { client, shell } = await newPerson();
      const id = await create(shell, 'temp', `${target.url}/replay`);
      const requests = () => target.requests.filter(({ path }) => path === '/replay').length;
      for (const data of ['a', 'b', 'c']) await client.publishEvent({ name: 'temp', data });
      await client.publishEvent({ name: 'other', data: 'd' });
      await eventually('three requests', () => requests() === 3);
      const replayed = await shell.chamber(['events', 'replay', id, '--since', '1h']);
      expect(replayed).toMatchObject({ code: 0, stdout: '3 deliveries are due now\n' });
      await eventually('six requests', () => requests() === 6);
      expect((await shell.chamber(['events', 'replay', id])).code).toBe(2);
      expect(await shell.json(['events', 'replay', id, '--since', '1h', '--event', 'nothing'])).toEqual({
        replayed: 0,
      });
      expect((await shell.chamber(['events', 'replay', 'f'.repeat(24), '--since', '1h'])).code).toBe(5);

      const bad = await create(shell, 'temp', `${target.url}/bad`, '--name', 'bad');
      expect((await shell.chamber(['integration', 'failed', bad])).stdout).toBe('0 failed, 0 waiting\n');
      expect((await shell.chamber(['integration', 'replay', bad])).stdout).toBe('Nothing to replay\n');
      expect((await shell.chamber(['integration', 'replay', bad, '4711'])).code).toBe(5);
      expect((await shell.chamber(['integration', 'replay', bad, '4711', '--error', 'x'])).code).toBe(2);
    },
  },
]);
