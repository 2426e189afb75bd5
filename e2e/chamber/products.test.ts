import type { VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { type Account, type CloudServer, startServer } from '../harness/cloud-server.ts';
import { newDeviceIdentity, powerOn, registerDevice, registerFleet } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { productApplication } from '../harness/fleet-device.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

/** Of virtual devices. */
const PLATFORM = 32;
const BOB: Account = { username: 'bob@example.net', password: 'a long enough password' };
const EVE: Account = { username: 'eve@example.net', password: 'a long enough password' };

let server: CloudServer;
let shells: Shells;
let operator: Particle;
let ann: Shell;
const devices: VirtualDevice[] = [];

/** A shell in which somebody is logged in. */
async function shellOf(account: Account): Promise<Shell> {
  const { body } = await operator.login(account);
  return shells.open({ apiUrl: server.url, access_token: body.access_token, username: account.username });
}

beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  operator = await logIn(server);
  await Promise.all([BOB, EVE].map((account) => operator.createUser({ ...account, accountInfo: {} })));
  ann = await shellOf(server.operator);
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.disconnect({ timeoutMs: 0 }).catch(() => {})));
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

interface MadeProduct {
  readonly id: number;
  readonly slug: string;
}

async function newProduct(name: string, ...more: string[]): Promise<MadeProduct> {
  const { product } = (await ann.json(['product', 'create', name, '--platform', 'P2', ...more])) as {
    product: MadeProduct;
  };
  return product;
}

async function newDevices(count: number, owner = server.operator.username): Promise<string[]> {
  return (await registerFleet(operator, owner, count)).map(({ deviceId }) => deviceId);
}

const failure = ({ stdout }: { stdout: string }): unknown => (JSON.parse(stdout) as { error: unknown }).error;
const idsOf = (data: unknown): string[] => (data as { devices: { id: string }[] }).devices.map(({ id }) => id);

describeRows('Products and organizations', [
  {
    ids: ['CLI-79'],
    what: '`product device add <product> <id>` adds a device, by its id in any case or its name, and says so again without harm',
    async run() {
      const { id, slug } = await newProduct('Adding');
      const { deviceId } = await registerDevice(operator, 'lamp');
      const [other = ''] = await newDevices(1);
      const added = await ann.chamber(['product', 'device', 'add', String(id), deviceId.toUpperCase()]);
      expect(added).toMatchObject({ code: 0, stdout: `Added to the product (1):\n  ${deviceId}\n`, stderr: '' });
      const again = await ann.chamber(['product', 'device', 'add', slug, 'lamp']);
      expect(again).toMatchObject({ code: 0, stdout: `In the product already (1):\n  ${deviceId}\n` });
      expect(await ann.json(['product', 'device', 'add', slug, other, 'nonsense'])).toEqual({
        added: [other],
        existing: [],
        invalid: ['nonsense'],
        nonmember: [],
        protected: [],
      });
      expect(idsOf(await ann.json(['product', 'device', 'list', slug])).toSorted()).toEqual(
        [deviceId, other].toSorted(),
      );
    },
  },
  {
    ids: ['CLI-79'],
    what: '`product device add <product> --file` takes a single column with line ends of Windows, repetitions and an encoding mark',
    async run() {
      const { slug } = await newProduct('Lists');
      const [first = '', second = '', third = ''] = await newDevices(3);
      const [foreign = ''] = await newDevices(1, EVE.username);
      await ann.write(
        'ids.txt',
        `\ufeff${first}\r\n${second.toUpperCase()}\r\n${second}\r\n\r\nnot-an-id\r\n${foreign}\r\n`,
      );
      const outcome = await ann.chamber(['product', 'device', 'add', slug, '--file', 'ids.txt']);
      expect(outcome).toMatchObject({ code: 0, stderr: '1 named more than once\n' });
      expect(outcome.stdout.split('\n').toSorted()).toEqual(
        [
          'Added to the product (2):',
          `  ${first}`,
          `  ${second}`,
          'Invalid: unknown, of other hardware, or in a product that you may not take them from (1):',
          '  not-an-id',
          'Owned by somebody outside of the team (1):',
          `  ${foreign}`,
          '',
        ].toSorted(),
      );
      await ann.write('utf16.txt', Buffer.from(`\ufeff${third}\r\n`, 'utf16le'));
      expect(await ann.json(['product', 'device', 'add', slug, '--file', 'utf16.txt'])).toMatchObject({
        added: [third],
      });
      const piped = await ann.json(['product', 'device', 'add', slug, '--file', '-'], { stdin: `${third}\n` });
      expect(piped).toMatchObject({ existing: [third] });
    },
  },
  {
    ids: ['CLI-79'],
    what: 'it ends with 1 when nothing was added, with 2 for a list that is none, and with 5 for an unknown product',
    async run() {
      const { slug } = await newProduct('Refusing');
      const [foreign = ''] = await newDevices(1, EVE.username);
      const add = (...line: string[]) => ann.chamber(['product', 'device', 'add', slug, ...line]);
      const refused = await add(foreign, 'nonsense');
      expect(refused).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(`Owned by somebody outside of the team (1):\n  ${foreign}\n`),
        stderr: `Error: No device was added to the product ${slug}\n`,
      });
      const asJson = await add(foreign, '--json');
      expect(asJson.code).toBe(1);
      expect(failure(asJson)).toMatchObject({
        kind: 'failure',
        exit_code: 1,
        details: { added: [], nonmember: [foreign] },
      });
      await ann.write('columns.csv', `id,name\n${foreign},lamp\n`);
      expect(await add('--file', 'columns.csv')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('columns.csv has several columns in line 1'),
      });
      expect(await add('--file', 'nowhere.txt')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('There is no file'),
      });
      expect(await add()).toMatchObject({ code: 2 });
      expect(await ann.chamber(['product', 'device', 'add', 'no-such-product', foreign])).toMatchObject({
        code: 5,
        stderr: 'Error: There is no product "no-such-product" that you can see\nSee "chamber product list".\n',
      });
    },
  },
  {
    ids: ['CLI-80'],
    what: '`product device list <product>` is a table by page, with filters; `--all` takes every page, and `--json` has all in one envelope',
    async run() {
      const { id, slug } = await newProduct('Listing');
      const all = await newDevices(7);
      const { deviceId, identity, publicKeyPem } = await registerDevice(operator, 'north');
      await ann.json(['product', 'device', 'add', slug, ...all, deviceId]);
      await ann.json(['product', 'device', 'group', 'add', slug, 'north', 'beta']);
      const online = powerOn(server, { deviceId, identity, publicKeyPem }, { productId: id, productVersion: 3 });
      devices.push(online);
      await online.connect();
      const list = (...line: string[]) => ann.chamber(['product', 'device', 'list', slug, ...line]);
      const json = (...line: string[]) => ann.json(['product', 'device', 'list', slug, ...line]);
      await eventually('the device to be online', async () => idsOf(await json('--online')).length === 1);

      const table = await list('--name', 'nor');
      expect(table).toMatchObject({ code: 0, stderr: 'Page 1 of 1; 1 devices in all\n' });
      expect(table.stdout).toBe(
        [
          'Name   Id                        State   Firmware  Desired  Online  Groups',
          `north  ${deviceId}  member  3         -        yes     beta`,
          '',
        ].join('\n'),
      );
      expect(await list('--group', 'beta')).toMatchObject({ stdout: table.stdout });
      expect(idsOf(await json('--offline', '--all'))).toEqual(all.toSorted());

      const second = await list('--per-page', '3', '--page', '2');
      expect(second.stdout.trim().split('\n')).toHaveLength(4);
      expect(second.stderr).toBe('Page 2 of 3; 8 devices in all (--all lists them)\n');
      const whole = await list('--per-page', '3', '--all');
      expect(whole).toMatchObject({ code: 0, stderr: '' });
      const ids = [...all, deviceId].toSorted();
      expect(whole.stdout.match(/[0-9a-f]{24}/g)).toEqual(ids);
      expect(whole.stdout.match(/Name/g)).toHaveLength(1);
      const envelope = await json('--per-page', '3', '--all');
      expect(envelope).toMatchObject({ total: 8, total_pages: 3, page: null });
      expect(idsOf(envelope)).toEqual(ids);

      const one = await ann.chamber(['product', 'device', 'list', slug, 'NORTH']);
      expect(one.stdout).toContain(`${deviceId}\n  Name:          north\n`);
      expect(await json(deviceId)).toMatchObject({ device: { id: deviceId, product_id: id } });
      expect(await list('southern')).toMatchObject({ code: 5 });
      expect(await list('--all', '--page', '2')).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-80'],
    what: 'devices in quarantine are listed, approved and denied; devices are removed after a yes',
    async run() {
      const { id, slug } = await newProduct('Quarantine', '--unknown-devices', 'quarantine');
      const strangers = await registerFleet(operator, EVE.username, 1);
      const owned = await registerFleet(operator, server.operator.username, 2);
      for (const identity of [...strangers, ...owned]) {
        const device = powerOn(server, identity, { productId: id, productVersion: 1 });
        devices.push(device);
        await device.connect().catch(() => {});
      }
      const [stranger = '', first = '', second = ''] = [...strangers, ...owned].map(({ deviceId }) => deviceId);
      const list = (...line: string[]) => ann.chamber(['product', 'device', 'list', slug, ...line]);
      const waiting = async () =>
        idsOf(await ann.json(['product', 'device', 'list', slug, '--quarantined'])).toSorted();
      await eventually('the quarantine to fill', async () => (await waiting()).length === 3);
      expect((await list()).stdout.match(/quarantined/g)).toHaveLength(3);

      const device = (...line: string[]) => ann.chamber(['product', 'device', ...line]);
      expect(await device('approve', slug, first)).toMatchObject({ code: 0, stdout: expect.stringContaining(first) });
      expect(await waiting()).toEqual([stranger, second].toSorted());
      expect(await device('deny', slug, stranger)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('pass --yes'),
      });
      expect(await device('deny', slug, stranger, '--yes')).toMatchObject({ code: 0 });
      expect((await list(stranger)).stdout).toContain('denied');
      expect(await device('approve', slug, '--all')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(second),
      });
      expect(await device('remove', slug, first, second, '--yes')).toMatchObject({
        code: 0,
        stdout: [first, second].map((one) => `Removed device ${one} from product ${slug}\n`).join(''),
      });
      expect(await device('remove', slug, newDeviceIdentity().deviceId, '--yes')).toMatchObject({ code: 5 });
    },
  },
  {
    ids: ['CLI-79', 'CLI-80'],
    what: 'devices of a product are locked to a version and unlocked, put into groups, marked for development',
    async run() {
      const { id, slug } = await newProduct('Changing');
      const { deviceId } = await registerDevice(operator, 'valve');
      await ann.json(['product', 'device', 'add', slug, deviceId]);
      const file = productApplication(PLATFORM, id, 7, 2000);
      await operator.uploadProductFirmware({ product: id, version: 7, title: 'seven', file });
      const device = (...line: string[]) => ann.chamber(['product', 'device', ...line]);

      expect(await device('lock', slug, 'valve', '7', '--flash')).toMatchObject({
        code: 0,
        stdout: `Locked ${deviceId} to version 7: it is sent now, or as soon as the device is online\n`,
      });
      expect((await device('list', slug)).stdout).toContain('7 (locked)');
      expect(await device('lock', slug, 'valve', '8')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no firmware version 8'),
      });
      expect(await device('lock', slug, 'valve', 'seven')).toMatchObject({ code: 2 });
      expect(await device('unlock', slug, 'valve')).toMatchObject({ code: 0, stdout: `Unlocked ${deviceId}\n` });

      expect(await device('group', 'add', slug, 'valve', 'north', 'beta')).toMatchObject({
        code: 0,
        stdout: `${deviceId} is in: beta, north\n`,
      });
      expect(await device('group', 'remove', slug, 'valve', 'beta')).toMatchObject({
        stdout: `${deviceId} is in: north\n`,
      });
      expect(await ann.json(['product', 'device', 'group', 'set', slug, deviceId, 'south'])).toEqual({
        id: deviceId,
        groups: ['south'],
      });
      expect(await device('group', 'set', slug, 'valve')).toMatchObject({ stdout: `${deviceId} is in no group\n` });

      expect(await ann.json(['product', 'device', 'development', slug, 'valve', 'on'])).toEqual({
        id: deviceId,
        development: true,
      });
      expect((await device('list', slug)).stdout).toContain('development');
      expect(await device('development', slug, 'valve', 'off')).toMatchObject({ code: 0 });
      expect(await device('development', slug, 'valve')).toMatchObject({
        stdout: `${deviceId} is not marked for development\n`,
      });
      expect(await device('release', slug, 'valve', '--yes')).toMatchObject({ code: 0 });
      expect(await ann.json(['product', 'device', 'list', slug, deviceId])).toMatchObject({ device: { owner: null } });
    },
  },
  {
    ids: ['CLI-79', 'CLI-80'],
    what: 'products are made, shown, changed and deleted; their groups and customers too',
    async run() {
      const { id, slug } = await newProduct('Greenhouse', '--description', 'Valves');
      const product = (...line: string[]) => ann.chamber(['product', ...line]);
      expect((await product('list')).stdout).toMatch(new RegExp(`^${id} +${slug} +Greenhouse +P2 / Photon 2$`, 'm'));
      expect((await product('show', String(id))).stdout).toContain('Your role:       Owner');
      expect(await product('create', 'Greenhouse', '--platform', 'p2')).toMatchObject({ code: 1 });
      expect(await product('create', 'Toaster', '--platform', 'toaster')).toMatchObject({ code: 2 });
      expect(await product('create', '--platform', 'p2')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('pass <name>'),
      });
      const changed = await ann.json(['product', 'update', slug, '--name', 'Glasshouse', '--locations', 'on']);
      expect(changed).toMatchObject({
        product: { name: 'Glasshouse', slug, settings: { location: { opt_in: true } } },
      });
      expect(await product('update', slug)).toMatchObject({ code: 2 });

      expect(await product('group', 'create', slug, 'beta', '--description', 'Early')).toMatchObject({ code: 0 });
      expect(await product('group', 'create', slug, 'Beta!')).toMatchObject({ code: 1 });
      expect(await product('group', 'rename', slug, 'beta', 'early')).toMatchObject({ code: 0 });
      expect((await product('group', 'list', slug)).stdout).toMatch(/^early +0 +- +Early$/m);
      expect(await product('group', 'delete', slug, 'early')).toMatchObject({ code: 2 });
      expect(await product('group', 'delete', slug, 'early', '--yes')).toMatchObject({ code: 0 });
      expect(await product('group', 'delete', slug, 'early', '--yes')).toMatchObject({ code: 5 });
      expect(await ann.json(['product', 'group', 'list', slug])).toEqual({ groups: [] });

      const stdin = 'a long password\n';
      const made = await ann.json(['product', 'customer', 'create', slug, 'cy@example.net', '--password-stdin'], {
        stdin,
      });
      expect(made).toMatchObject({ username: 'cy@example.net', access_token: expect.any(String) });
      expect(await product('customer', 'create', slug, 'shadow-1', '--without-password')).toMatchObject({ code: 0 });
      expect((await product('customer', 'list', slug, '--all', '--per-page', '1')).stdout).toMatch(
        /^Customer +Devices\ncy@example.net +-\nshadow-1 +-\n$/,
      );
      expect(await product('customer', 'remove', slug, 'shadow-1', '--yes')).toMatchObject({ code: 0 });
      expect(await product('customer', 'remove', slug, 'shadow-1', '--yes')).toMatchObject({ code: 5 });

      expect(await product('delete', slug)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
      expect(await product('delete', slug, '--yes')).toMatchObject({
        code: 0,
        stdout: `Deleted product ${id} (${slug})\n`,
      });
      expect(await product('show', slug)).toMatchObject({ code: 5 });
    },
  },
  {
    ids: ['CLI-79', 'CLI-80'],
    what: 'a role that is too weak is refused with 4 and one sentence by every command, and reads what it may',
    async run() {
      const { slug, id } = await newProduct('Watched');
      const { deviceId } = await registerDevice(operator, 'watched');
      await ann.json(['product', 'device', 'add', slug, deviceId]);
      await ann.json(['product', 'group', 'create', slug, 'beta']);
      const bob = await shellOf(BOB);
      expect(await bob.chamber(['product', 'show', slug])).toMatchObject({ code: 5 });
      expect(await ann.chamber(['product', 'team', 'invite', slug, BOB.username])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--role'),
      });
      expect(await ann.chamber(['product', 'team', 'invite', slug, BOB.username, '--role', 'View-only'])).toMatchObject(
        {
          code: 0,
          stdout: `Invited ${BOB.username} as View-only\n`,
        },
      );
      expect((await ann.chamber(['product', 'team', 'list', slug])).stdout).toMatch(
        /^bob@example.net +View-only +invited$/m,
      );
      expect((await bob.chamber(['invitation', 'list'])).stdout).toContain(slug);
      expect(await bob.chamber(['invitation', 'accept', slug])).toMatchObject({
        code: 0,
        stdout: 'You work on Watched now, as View-only\n',
      });

      expect((await bob.chamber(['product', 'device', 'list', slug])).stdout).toContain(deviceId);
      expect((await bob.chamber(['product', 'show', slug])).stdout).toContain('View-only');
      await bob.write('ids.txt', `${deviceId}\n`);
      const refused: readonly (readonly string[])[] = [
        ['device', 'add', slug, deviceId],
        ['device', 'add', slug, '--file', 'ids.txt'],
        ['device', 'remove', slug, 'watched'],
        ['device', 'deny', slug, 'watched'],
        ['device', 'approve', slug, 'watched'],
        ['device', 'release', slug, 'watched'],
        ['device', 'lock', slug, 'watched', '1'],
        ['device', 'unlock', slug, 'watched'],
        ['device', 'development', slug, 'watched', 'on'],
        ['device', 'group', 'add', slug, 'watched', 'beta'],
        ['device', 'group', 'remove', slug, 'watched', 'beta'],
        ['device', 'group', 'set', slug, 'watched', 'beta'],
        ['group', 'create', slug, 'gamma'],
        ['group', 'rename', slug, 'beta', 'gamma'],
        ['group', 'update', slug, 'beta', '--description', 'x'],
        ['group', 'delete', slug, 'beta'],
        ['update', slug, '--description', 'x'],
        ['delete', slug],
        ['transfer', slug, 'acme'],
        ['team', 'invite', slug, EVE.username, '--role', 'View-only'],
        ['team', 'role', slug, BOB.username, 'Administrator'],
        ['team', 'remove', slug, server.operator.username],
        ['customer', 'create', slug, 'cy', '--without-password'],
        ['customer', 'remove', slug, 'cy'],
      ];
      const sentence =
        /^Error: The role that you have there, View-only, does not allow this: it lacks the permission [a-z.]+:[a-z]+\nAsk an administrator of the product or organization for another role\.\n$/;
      for (const line of refused) {
        const { code, stdout, stderr } = await bob.chamber(['product', ...line, '--yes']);
        expect({ line, code, stdout, stderr }).toEqual({
          line,
          code: 4,
          stdout: '',
          stderr: expect.stringMatching(sentence),
        });
      }
      expect(failure(await bob.chamber(['product', 'delete', slug, '--yes', '--json']))).toMatchObject({
        kind: 'forbidden',
        exit_code: 4,
        status: 403,
      });

      expect(await ann.chamber(['product', 'team', 'role', String(id), BOB.username, 'Developer'])).toMatchObject({
        code: 0,
      });
      expect(await bob.chamber(['product', 'device', 'unlock', slug, 'watched'])).toMatchObject({ code: 0 });
      expect(await ann.chamber(['product', 'team', 'remove', slug, BOB.username, '--yes'])).toMatchObject({ code: 0 });
      expect(await bob.chamber(['product', 'device', 'list', slug])).toMatchObject({ code: 5 });
    },
  },
  {
    ids: ['CLI-79', 'CLI-80'],
    what: 'organizations are made, have a team and own products',
    async run() {
      const org = (...line: string[]) => ann.chamber(['org', ...line]);
      expect(await org('create', 'Acme')).toMatchObject({ code: 0, stdout: 'Made organization acme\n' });
      const { id, slug } = await newProduct('Owned by Acme', '--org', 'acme');
      const mine = await newProduct('Given to Acme');
      expect(await ann.chamber(['product', 'transfer', mine.slug, 'acme', '--yes'])).toMatchObject({ code: 0 });
      const owned = (await ann.json(['org', 'products', 'acme'])) as { products: MadeProduct[] };
      expect(owned.products.map((product) => product.id).toSorted()).toEqual([id, mine.id].toSorted());
      expect((await org('list')).stdout).toMatch(/^acme +Acme +[0-9a-f]{24}$/m);
      expect((await org('show', 'acme')).stdout).toContain('Your role: Owner');
      expect(await org('show', 'nowhere')).toMatchObject({ code: 5 });

      expect(await org('team', 'invite', 'acme', EVE.username, '--role', 'View-only')).toMatchObject({ code: 0 });
      const eve = await shellOf(EVE);
      expect(await eve.chamber(['invitation', 'accept', 'acme'])).toMatchObject({ code: 0 });
      expect((await org('team', 'list', 'acme')).stdout).toMatch(/^eve@example.net +View-only +member/m);
      for (const line of [
        ['org', 'rename', 'acme', 'Other'],
        ['org', 'delete', 'acme'],
        ['org', 'team', 'remove', 'acme', server.operator.username],
        ['product', 'create', 'More', '--platform', 'p2', '--org', 'acme'],
        ['product', 'update', slug, '--name', 'x'],
      ]) {
        const { code, stderr } = await eve.chamber([...line, '--yes']);
        expect({ line, code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('View-only') });
      }
      expect(await eve.chamber(['org', 'create', 'Mine'])).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('Only an operator'),
      });
      expect(await eve.chamber(['org', 'team', 'leave', 'acme', '--yes'])).toMatchObject({ code: 0 });
      expect(await eve.chamber(['org', 'show', 'acme'])).toMatchObject({ code: 5 });

      expect(await org('delete', 'acme', '--yes')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('products'),
      });
      for (const one of [slug, mine.slug]) await ann.json(['product', 'delete', one, '--yes']);
      expect(await org('delete', 'acme', '--yes')).toMatchObject({ code: 0 });
    },
  },
]);
