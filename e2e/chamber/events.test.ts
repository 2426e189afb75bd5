import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientOf, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { powerOn, registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { freePorts } from '../harness/free-ports.ts';
import { RecordedStream } from '../harness/recorded-stream.ts';
import { createProduct } from '../particle-api-js/methods/world.ts';
import { describeRows } from './rows.ts';
import { type Outcome, openShells, type Shell, type Shells } from './terminal.ts';

interface Person {
  readonly client: Particle;
  readonly shell: Shell;
}

interface Streamed {
  readonly name: string;
  readonly data: string | null;
  readonly coreid: string;
  readonly id: string;
}

let server: CloudServer;
let shells: Shells;
const devices: VirtualDevice[] = [];
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer({ env: { CHAMBER_ORG_CREATION: 'open' } }), openShells()]);
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.disconnect().catch(() => {})));
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

async function newPerson(at: CloudServer = server): Promise<Person> {
  const account = { username: `${randomBytes(6).toString('hex')}@example.net`, password: 'a long password' };
  const client = await signUp(at, account);
  const { body } = await clientOf(at).login(account);
  return { client, shell: await shells.open({ apiUrl: at.url, access_token: body.access_token }) };
}

/** A device of this person, connected; in the product when there is one. */
async function newDevice({ client }: Person, name: string, product?: number): Promise<VirtualDevice> {
  const identity = await registerDevice(client, name);
  if (product !== undefined) await client.addDeviceToProduct({ product, deviceId: identity.deviceId });
  const device = powerOn(server, identity);
  devices.push(device);
  await device.connect();
  return device;
}

const newProduct = ({ client }: Person) => createProduct(client, `Lamps ${randomBytes(4).toString('hex')}`);
const eventsIn = (text: string): Streamed[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Streamed);
const dataIn = ({ stdout }: Pick<Outcome, 'stdout'>) => eventsIn(stdout).map(({ data }) => data);

/** Subscribes, publishes once it listens, and waits for its end. */
async function hear({ shell }: Person, words: readonly string[], publish: () => Promise<unknown>): Promise<Outcome> {
  let published: Promise<unknown> | undefined;
  const interruptWhen = (_stdout: string, stderr: string): boolean => {
    if (stderr.includes('Listening to')) published ??= publish();
    return false;
  };
  const outcome = await shell.chamber(['subscribe', ...words], { interruptWhen });
  await published;
  return outcome;
}

describeRows('Events', [
  {
    ids: ['CLI-43'],
    what: '`subscribe [event] [device]` prints events whose names begin so, of all devices or of one by name, id or `--device`; `mine` is taken anywhere',
    note: 'Each event is a line of JSON, as the published command line prints it, with the `id` besides',
    async run() {
      const person = await newPerson();
      const lamp = await newDevice(person, 'lamp');
      const other = await newDevice(person, 'other');
      const all = async () => {
        await other.publish('temperature', 'of another');
        await lamp.publish('humidity', 'damp');
        await lamp.publish('temperature', '25');
      };
      const forms: readonly (readonly [words: readonly string[], data: readonly string[]])[] = [
        [[], ['of another', 'damp', '25']],
        [['mine'], ['of another', 'damp', '25']],
        [['temp'], ['of another', '25']],
        [
          ['temp', 'mine'],
          ['of another', '25'],
        ],
        [['temp', 'lamp'], ['25']],
        [['temp', 'mine', lamp.deviceId.toUpperCase()], ['25']],
        [
          ['mine', 'lamp'],
          ['damp', '25'],
        ],
        [
          ['--device', 'lamp'],
          ['damp', '25'],
        ],
        [['--device', lamp.deviceId, 'temp'], ['25']],
        [
          ['--all', 'temp'],
          ['of another', '25'],
        ],
      ];
      for (const [words, data] of forms) {
        const heard = await hear(person, [...words, '--until', '25'], all);
        expect([words, heard.code, dataIn(heard).filter((one) => one !== 'online')]).toEqual([words, 0, data]);
      }
      const [event] = eventsIn((await hear(person, ['hum', '--max', '1'], all)).stdout);
      expect(event).toMatchObject({
        name: 'humidity',
        data: 'damp',
        ttl: 60,
        published_at: expect.stringMatching(/^\d{4}-.*Z$/),
        coreid: lamp.deviceId,
      });
    },
  },
  {
    ids: ['CLI-43'],
    what: '`--product` and `--org` subscribe to theirs, also to one device of a product by its name',
    async run() {
      const person = await newPerson();
      const product = await newProduct(person);
      const member = await newDevice(person, 'member', product);
      const second = await newDevice(person, 'second', product);
      const alone = await newDevice(person, 'alone');
      const all = async () => {
        await alone.publish('temp', 'not of the product');
        await second.publish('temp', 'of the second');
        await member.publish('temp', 'the end');
      };
      const until = ['temp', '--until', 'the end'];
      const ofProduct = await hear(person, [...until, '--product', `${product}`], all);
      expect([ofProduct.code, dataIn(ofProduct)]).toEqual([0, ['of the second', 'the end']]);
      const ofDevice = await hear(person, [...until, '--product', `${product}`, '--device', 'member'], all);
      expect([ofDevice.code, dataIn(ofDevice)]).toEqual([0, ['the end']]);

      const data = { name: `Acme ${randomBytes(4).toString('hex')}` };
      const { body } = await person.client.post<{ organization: { slug: string } }>({ uri: '/v1/orgs', data });
      const { slug } = body.organization;
      const theirs = await createProduct(person.client, 'Fleet', `/v1/orgs/${slug}/products`);
      const ofOrg = await hear(person, [...until, '--org', slug], async () => {
        await alone.publish('temp', 'not of the organization');
        await person.client.publishEvent({ name: 'temp', data: 'the end', product: theirs });
      });
      expect([ofOrg.code, dataIn(ofOrg)]).toEqual([0, ['the end']]);
    },
  },
  {
    ids: ['CLI-43'],
    what: 'with `--json` each event is an envelope; Ctrl-C ends with 130, a closed pipe with 0',
    async run() {
      const { client, shell } = await newPerson();
      const publish = async (): Promise<void> => {
        for (let n = 0; n < 3; n += 1) await client.publishEvent({ name: 'tick', data: `${n}` });
      };
      const since = (await shell.json(['events', 'history'])) as unknown[];
      expect(since).toEqual([]);
      await publish();
      const json = await shell.chamber(['subscribe', '--since', '1h', '--max', '2', '--json']);
      expect(json).toMatchObject({ code: 0, stderr: '' });
      const lines = json.stdout.trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
        { ok: true, data: { name: 'tick', data: '0', coreid: 'api' } },
        { ok: true, data: { name: 'tick', data: '1' } },
      ]);
      const interruptWhen = (text: string) => text.includes('"data":"2"');
      const interrupted = await shell.chamber(['subscribe', '--since', '1h'], { interruptWhen });
      expect([interrupted.code, dataIn(interrupted)]).toEqual([130, ['0', '1', '2']]);
      expect(await headOf(shell, ['subscribe', '--since', '1h'], publish)).toEqual({ code: 0, stderr: '' });
    },
  },
  {
    ids: ['CLI-43'],
    what: '`--since` begins in the log, behind an event id, a time ago or a time; what cannot be subscribed to is told, with the exit codes of their kind',
    async run() {
      const { client, shell } = await newPerson();
      for (const data of ['a', 'b', 'c']) await client.publishEvent({ name: 'tick', data });
      const [a, b] = (await shell.json(['events', 'history', '--oldest-first'])) as {
        id: string;
        published_at: string;
      }[];
      const from = async (since: string | undefined, count: number) =>
        dataIn(await shell.chamber(['subscribe', '--since', since ?? '', '--max', `${count}`]));
      expect(await from(a?.id, 2)).toEqual(['b', 'c']);
      expect(await from(b?.published_at, 1)).toSatisfy(([one]: string[]) => one === 'b' || one === 'a');
      expect(await from('10m', 3)).toEqual(['a', 'b', 'c']);
      expect(await from('0', 1)).toEqual(['a']);

      const failing = async (...words: string[]) => (await shell.chamber(['subscribe', ...words])).code;
      expect(await failing('--since', 'yesterday')).toBe(2);
      expect(await failing('--since', '999999999')).toBe(1);
      expect(await failing('x', 'lamp', 'second')).toBe(2);
      expect(await failing('--product', '1', '--org', 'x')).toBe(2);
      expect(await failing('--device', 'nowhere')).toBe(5);
      expect(await failing('--product', 'nowhere')).not.toBe(0);
      expect(await failing('--api-url', 'http://127.0.0.1:9')).toBe(3);
      const bad = await shells.open({ apiUrl: server.url, access_token: 'f'.repeat(40) });
      expect((await bad.chamber(['subscribe'])).code).toBe(3);
      const { http } = await freePorts();
      const away = await shells.open({ apiUrl: `http://127.0.0.1:${http}`, access_token: 'f'.repeat(40) });
      const refused = await away.chamber(['subscribe']);
      expect(refused).toMatchObject({ code: 8, stderr: expect.stringContaining('nothing listens there') });
    },
  },
  {
    ids: ['CLI-44'],
    what: '`publish <event> [data]` publishes to the account, or with `--product` to a product; data come from the line, from `--file` or from standard input',
    note: '`--private` is taken, `--public` refused: there are no public events',
    async run() {
      const person = await newPerson();
      const { client, shell } = person;
      const product = await newProduct(person);
      const mine = await RecordedStream.open(client, { deviceId: 'mine' });
      const ours = await RecordedStream.open(client, { product });
      const published = { code: 0, stdout: 'Published event: lights\n', stderr: '' };
      expect(await shell.chamber(['publish', 'lights'])).toEqual(published);
      await mine.received('lights', null);
      expect(await shell.chamber(['publish', 'lights', 'some data with spaces', '--private'])).toEqual(published);
      expect(await mine.received('lights', 'some data with spaces')).toMatchObject({ coreid: 'api' });
      await shell.write('data.json', '{"é":1}\n');
      expect(await shell.chamber(['publish', 'lights', '--file', 'data.json'])).toEqual(published);
      await mine.received('lights', '{"é":1}');
      expect(await shell.chamber(['publish', 'lights', '-'], { stdin: 'piped\n' })).toEqual(published);
      await mine.received('lights', 'piped');
      expect(await shell.json(['publish', 'temp', '25.0', '--product', `${product}`])).toEqual({
        name: 'temp',
        data: '25.0',
        product: `${product}`,
      });
      await ours.received('temp', '25.0');
      expect(mine.names()).not.toContain('temp');
      mine.close();
      ours.close();
    },
  },
  {
    ids: ['CLI-44'],
    what: 'what cannot be published is told before it is sent: limits, reserved names, `--public`, foreign products',
    async run() {
      const { shell } = await newPerson();
      const other = await newPerson();
      const product = await newProduct(other);
      const told = async (words: string[], code: number, text: string) => {
        const outcome = await shell.chamber(['publish', ...words]);
        expect([words, outcome.code, outcome.stdout]).toEqual([words, code, '']);
        expect(outcome.stderr).toContain(text);
      };
      await told(['é'.repeat(33)], 2, 'at most 64 bytes; this one has 66');
      await told(['x', 'y'.repeat(1025)], 2, 'at most 1024 bytes; these have 1025');
      await told(['Particle/x'], 2, 'are for the cloud itself');
      await told(['x', '--public'], 2, 'There are no public events');
      await told(['x', 'y', '--file', 'z'], 2, 'not both');
      await told(['x', '--file', 'z'], 1, 'There is no file');
      await told(['x', '--product', `${product}`], 5, `There is no product "${product}"`);
      expect((await shell.chamber(['publish', 'n'.repeat(64), 'y'.repeat(1024)])).code).toBe(0);
    },
  },
  {
    ids: ['CLI-44'],
    what: '`events history` looks kept events up by name, device, time and text, page after page, as a table, JSON or CSV',
    note: 'An addition of Cloud Chamber',
    async run() {
      const person = await newPerson();
      const { client, shell } = person;
      const lamp = await newDevice(person, 'lamp');
      await lamp.publish('temp/in', '=1+1');
      for (let n = 0; n < 3; n += 1) await client.publishEvent({ name: 'temp/out', data: `n${n}` });
      const data = async (...words: string[]) =>
        ((await shell.json(['events', 'history', ...words])) as { data: string }[]).map((event) => event.data);
      expect(await data('temp')).toEqual(['n2', 'n1', 'n0', '=1+1']);
      expect(await data('temp', '--oldest-first', '--limit', '2')).toEqual(['=1+1', 'n0']);
      expect(await data('temp', '--device', 'lamp', '--since', '1h')).toEqual(['=1+1']);
      expect(await data('--text', 'N1')).toEqual(['n1']);
      expect(await data('temp', '--until', '1h')).toEqual([]);
      const table = await shell.chamber(['events', 'history', 'temp/out', '--limit', '1']);
      expect(table.stdout).toMatch(/^Published +Id +Event +Device +Data\n\S+Z +\d+ +temp\/out +api +n2\n$/);
      const csv = await shell.chamber(['events', 'history', 'temp', '--csv', '--oldest-first']);
      expect(csv.stdout.split(/\r?\n/)).toHaveLength(6);
      expect(csv.stdout).toContain("'=1+1");
      const product = await newProduct(person);
      await client.publishEvent({ name: 'temp', data: 'ours', product });
      expect(await data('--product', `${product}`)).toEqual(['ours']);
      const failing = async (...words: string[]) => (await shell.chamber(['events', 'history', ...words])).code;
      expect(await failing('--since', 'x')).toBe(2);
      expect(await failing('--since', '1h', '--until', '2h')).toBe(2);
      expect(await failing('--device', 'nowhere')).toBe(5);
      expect(await failing('--csv', '--json')).toBe(2);
    },
  },
  {
    ids: ['CLI-43'],
    what: 'a server that is killed and started again costs a subscriber no event, and doubles none',
    async run() {
      // Its own server: one that is away disturbs nobody else.
      await using stack = new AsyncDisposableStack();
      const mortal = stack.adopt(await startServer(), (one) => one.dispose());
      const { client, shell } = await newPerson(mortal);
      const wanted = Array.from({ length: 40 }, (_, n) => `${n}`);
      const publish = async (data: string): Promise<void> => {
        await client.publishEvent({ name: 'tick', data });
      };
      let begin: (() => void) | undefined;
      const listening = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const subscribed = shell.chamber(['subscribe', 'tick', '--until', 'last'], {
        interruptWhen: (_stdout, stderr) => {
          if (stderr.includes('Listening to')) begin?.();
          return false;
        },
      });
      await listening;
      for (const data of wanted.slice(0, 30)) await publish(data);
      await mortal.kill9();
      await mortal.start();
      // Before the subscriber is back, perhaps.
      for (const data of wanted.slice(30)) await publish(data);
      await publish('last');
      const { code, stdout, stderr } = await subscribed;
      expect(dataIn({ stdout })).toEqual([...wanted, 'last']);
      expect(code).toBe(0);
      expect(stderr).toContain('The stream broke; it is opened again');
      const ids = eventsIn(stdout).map(({ id }) => Number(id));
      expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
    },
  },
]);

/** Runs it into a reader that takes one line and goes, while more is published. */
async function headOf(
  { home, folder }: Shell,
  words: readonly string[],
  publish: () => Promise<void>,
): Promise<{ code: number | null; stderr: string }> {
  const { PATH = '' } = process.env;
  const program = new URL('../../packages/cli/bin/chamber.cjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, ...words, '--quiet'], { cwd: folder, env: { PATH, HOME: home } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  let code: number | null | undefined;
  child.once('close', (ended) => {
    code = ended;
  });
  await eventually('the end of the command', async () => {
    await publish();
    return code !== undefined;
  });
  return { code: code ?? null, stderr };
}
