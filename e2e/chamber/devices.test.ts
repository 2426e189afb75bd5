import { BEHAVIOURS, type BehaviourFactory, type VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { logIn, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { type DeviceIdentity, newDeviceIdentity, powerOn, registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

const PASSWORD = 'staple battery horse';
const KITCHEN = 'Küche Süd';
/** Clears a terminal, and colours what follows. */
const ESCAPES = '\u001b[2J\u001b[31m';

/** What a device may say that terminals would obey. */
const hostile: BehaviourFactory = () => ({
  functions: { [`boo${ESCAPES}`]: () => 1 },
  variables: {
    message: { type: 'string', read: () => `red ${ESCAPES}alert` },
    formula: { type: 'string', read: () => '=HYPERLINK("http://x","y"),z' },
  },
  subscriptions: [],
});

let server: CloudServer;
let shells: Shells;
let ann: Particle;
let operator: Particle;
let shell: Shell;
let operatorShell: Shell;
let stranger: Shell;
const on: VirtualDevice[] = [];
const ids = new Map<string, string>();
let tinkerIdentity: DeviceIdentity;
let tinker: VirtualDevice;
let product: number;
let slug: string;
let member: string;

const idOf = (name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`there is no device ${name}`);
  return id;
};

async function connected(client: Particle, name: string, behaviour: BehaviourFactory | undefined) {
  const identity = await registerDevice(client, name);
  const device = powerOn(server, identity, { behaviour });
  await device.connect();
  on.push(device);
  ids.set(name, identity.deviceId);
  return { identity, device };
}

async function shellOf(client: Particle): Promise<Shell> {
  return shells.open({ apiUrl: server.url, access_token: (client as unknown as { auth: string }).auth });
}

beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  operator = await logIn(server);
  ann = await signUp(server, { username: 'ann@example.net', password: PASSWORD });
  const bob = await signUp(server, { username: 'bob@example.net', password: PASSWORD });
  [shell, operatorShell, stranger] = await Promise.all([shellOf(ann), shellOf(operator), shellOf(bob)]);
  ({ identity: tinkerIdentity, device: tinker } = await connected(ann, KITCHEN, BEHAVIOURS.get('tinker')));
  await connected(ann, 'weather', BEHAVIOURS.get('weather'));
  await connected(ann, 'echo', BEHAVIOURS.get('echo'));
  await connected(ann, 'tracker', BEHAVIOURS.get('tracker'));
  await connected(ann, 'hostile', hostile);
  ids.set('cellar', (await registerDevice(ann, 'cellar')).deviceId);
  const { body } = await ann.post<{ product: { id: number; slug: string } }>({
    uri: '/v1/user/products',
    data: { product: { name: 'Lamps', description: 'They shine', platform_id: 32 } },
  });
  product = body.product.id;
  slug = body.product.slug;
  await connected(ann, 'Lampe 1', BEHAVIOURS.get('weather'));
  member = idOf('Lampe 1');
  await ann.addDeviceToProduct({ product, deviceId: member });
});
afterAll(async () => {
  await Promise.all(on.map((device) => device.disconnect()));
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

const has = (text: string) => expect.stringContaining(text);
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describeRows('Devices', [
  {
    ids: ['CLI-04'],
    what: '`list` prints progress on stderr and each device with its functions and variables on stdout, in one request',
    async run() {
      const { code, stdout, stderr } = await shell.chamber(['list', '-v']);
      expect(code).toBe(0);
      expect(stderr).toMatch(
        /^Checking with the cloud\.\.\.\nRetrieving devices\.\.\. \(this might take a few seconds\)\n/,
      );
      expect(stderr.match(/^GET /gm)).toHaveLength(1);
      expect(stdout).toContain(
        `${KITCHEN} (${idOf(KITCHEN)}) 0 variables, and 4 functions\n  Functions:\n    int digitalRead(string)\n    int digitalWrite(string)\n    int analogRead(string)\n    int analogWrite(string)\n`,
      );
      expect(stdout).toContain(`weather (${idOf('weather')}) 4 variables, and 0 functions\n  Variables:\n`);
      expect(stdout).toContain('    temperature (double)\n');
      expect(stdout).toContain(`cellar (${idOf('cellar')}) is offline\n`);
      expect(stdout).not.toContain('\u001b');
      expect((await shell.chamber(['cloud', 'list'])).stdout).toBe(stdout);
    },
  },
  {
    ids: ['CLI-04'],
    what: '`list` filters by online, offline, platform, id and name; `--product` lists the devices of a product',
    async run() {
      const listed = async (...args: string[]) =>
        ((await shell.json(['list', ...args])) as { name: string }[]).map(({ name }) => name);
      expect(await listed('offline')).toEqual(['cellar']);
      expect(await listed('online')).not.toContain('cellar');
      expect(await listed(KITCHEN)).toEqual([KITCHEN]);
      expect(await listed(idOf('echo').toUpperCase())).toEqual(['echo']);
      expect(await listed('P2')).toHaveLength(6);
      expect(await listed('boron')).toEqual([]);
      expect(await listed('--product', slug)).toEqual(['Lampe 1']);
      expect(await stranger.chamber(['list', '--product', slug])).toMatchObject({ code: 5, stdout: '' });
    },
  },
  {
    ids: ['CLI-04'],
    what: 'without devices `list` says how to come to one; `--json` has an empty list and nothing on stderr',
    async run() {
      expect(await stranger.chamber(['list'])).toMatchObject({
        code: 0,
        stdout: '',
        stderr: has('chamber device add'),
      });
      expect(await stranger.chamber(['list', '--json'])).toEqual({
        code: 0,
        stdout: '{"ok":true,"data":[]}\n',
        stderr: '',
      });
    },
  },
  {
    ids: ['CLI-06'],
    what: '`call` prints the return value; names, ids, `function call` and `--product` work',
    async run() {
      const args = ['call', idOf(KITCHEN), 'digitalWrite', 'D7,HIGH'];
      expect(await shell.chamber(args)).toEqual({ code: 0, stdout: '1\n', stderr: '' });
      expect(await shell.chamber(['function', 'call', KITCHEN, 'digitalRead', 'D7'])).toMatchObject({ stdout: '1\n' });
      expect(await shell.chamber(['call', 'echo', 'echo'])).toMatchObject({ code: 0, stdout: '0\n' });
      expect(await shell.chamber(['call', 'echo', 'echo', '-5'])).toMatchObject({ code: 0, stdout: '2\n' });
      expect(await shell.json(['call', KITCHEN, 'digitalRead', 'D7'])).toMatchObject({
        id: idOf(KITCHEN),
        return_value: 1,
      });
    },
  },
  {
    ids: ['CLI-06', 'CLI-07'],
    what: 'an offline device ends with 6, an unknown device, function or variable with 5 and names what there is',
    async run() {
      const offline = { code: 6, stdout: '', stderr: has('chamber device doctor cellar') };
      expect(await shell.chamber(['call', 'cellar', 'water'])).toMatchObject(offline);
      expect(await shell.chamber(['get', 'cellar', 'moisture'])).toMatchObject(offline);
      const unknown = await shell.chamber(['call', 'Kueche Süd', 'digitalRead', 'D7']);
      expect(unknown).toMatchObject({ code: 5, stderr: has(`Did you mean "${KITCHEN}"?`) });
      const theirs = await stranger.chamber(['get', idOf('weather'), 'temperature']);
      expect(theirs).toMatchObject({ code: 5, stderr: has('none of your devices') });
      const noFunction = await shell.chamber(['call', KITCHEN, 'brew']);
      expect(noFunction).toMatchObject({ code: 5, stderr: has('Its functions are: digitalRead, digitalWrite') });
      const noVariable = await shell.chamber(['get', 'weather', 'pressure', '--json']);
      expect(noVariable.code).toBe(5);
      expect(JSON.parse(noVariable.stdout)).toMatchObject({
        ok: false,
        error: { kind: 'not-found', next: has('temperature') },
      });
      const wrongToken = await shells.open({ apiUrl: server.url, access_token: 'f'.repeat(40) });
      expect(await wrongToken.chamber(['list'])).toMatchObject({ code: 3, stdout: '' });
    },
  },
  {
    ids: ['CLI-07'],
    what: '`get` prints the value; without a variable it lists the variables, with `all` it reads every device; `--product` works',
    async run() {
      const one = await shell.chamber(['get', idOf('echo'), 'ratio']);
      expect(one).toEqual({ code: 0, stdout: '21.5\n', stderr: '' });
      expect((await shell.chamber(['get', member, 'humidity', '--product', String(product)])).stdout).toMatch(
        /^\d+\n$/,
      );
      expect((await shell.chamber(['get', 'lampe 1', 'humidity', '--product', slug])).stdout).toMatch(/^\d+\n$/);
      expect(await shell.chamber(['get', 'echo'])).toMatchObject({ code: 0, stdout: has('    ratio (double)\n') });
      const all = await shell.chamber(['variable', 'get', 'all', 'temperature']);
      expect(all.code).toBe(0);
      expect(
        lines(all.stdout)
          .map((line) => line.split(', ')[0])
          .sort(),
      ).toEqual([idOf('weather'), member].sort());
      const listed = await shell.json(['variable', 'list', 'weather']);
      expect(listed).toMatchObject([{ variables: { temperature: 'double', raining: 'bool' } }]);
      expect(await shell.json(['function', 'list', KITCHEN])).toMatchObject([{ functions: { length: 4 } }]);
    },
  },
  {
    ids: ['MSG-20'],
    what: '`call <tracker> cmd` prints 0 for a command, and explains -22 as invalid JSON on stderr',
    async run() {
      const cmd = (argument: string) => shell.chamber(['call', 'tracker', 'cmd', argument]);
      expect(await cmd('{"cmd":"get_loc"}')).toEqual({ code: 0, stdout: '0\n', stderr: '' });
      expect(await cmd('{"cmd":')).toMatchObject({ code: 0, stdout: '-22\n', stderr: has('invalid JSON') });
      expect(await cmd('{"cmd":"dance"}')).toEqual({ code: 0, stdout: '-2\n', stderr: '' });
    },
  },
  {
    ids: ['CLI-04', 'CLI-07'],
    what: 'escape sequences of a device never reach the terminal, and a spreadsheet gets no formula',
    async run() {
      for (const args of [
        ['list', 'hostile'],
        ['function', 'list', 'hostile'],
        ['device', 'info', 'hostile'],
        ['get', 'hostile', 'message'],
        ['call', 'hostile', 'x'],
      ]) {
        const { stdout, stderr } = await shell.chamber(args);
        expect(stdout + stderr, args.join(' ')).not.toContain('\u001b');
      }
      expect((await shell.chamber(['get', 'hostile', 'message'])).stdout).toBe('red alert\n');
      expect(await shell.json(['get', 'hostile', 'message'])).toMatchObject({ result: `red ${ESCAPES}alert` });
      const csv = await shell.chamber(['monitor', 'hostile', 'formula', '500', '--time'], {
        interruptWhen: (stdout) => lines(stdout).length >= 2,
      });
      expect(lines(csv.stdout)[1]).toMatch(/,hostile,"'=HYPERLINK\(""http:\/\/x"",""y""\),z"$/);
    },
  },
  {
    ids: ['CLI-41'],
    what: '`monitor` prints values until Ctrl-C (130), `--time` into a file is CSV, 500 ms are the least, `all` has the ids',
    async run() {
      const after = (count: number) => ({ interruptWhen: (stdout: string) => lines(stdout).length >= count });
      const plain = await shell.chamber(['monitor', 'echo', 'ratio', '100'], after(3));
      expect(plain).toMatchObject({ code: 130, stderr: has('500 ms') });
      expect(lines(plain.stdout).slice(0, 3)).toEqual(['21.5', '21.5', '21.5']);
      const csv = await shell.chamber(['monitor', 'echo', 'ratio', '500', '--time'], after(4));
      expect(csv.code).toBe(130);
      const [head, ...records] = csv.stdout.split('\r\n').slice(0, 4);
      expect(head).toBe('time,id,name,ratio');
      const times = records.map((record) => {
        expect(record).toMatch(new RegExp(`^[^,]+,${idOf('echo')},echo,21\\.5$`));
        return Date.parse(record.split(',')[0] ?? '');
      });
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(490);
      const all = await shell.chamber(['monitor', 'all', 'temperature', '500'], after(2));
      expect(all.code).toBe(130);
      expect(new Set(lines(all.stdout).map((line) => line.split(', ')[0]))).toEqual(new Set([idOf('weather'), member]));
      expect(await shell.chamber(['monitor', 'echo', 'nothing', '500'])).toMatchObject({ code: 5 });
      expect(await shell.chamber(['monitor', 'echo', 'ratio', 'often'])).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-41'],
    what: '`monitor` warns of a device that goes offline and reads it again when it is back',
    async run() {
      const { identity, device } = await connected(ann, 'flaky', BEHAVIOURS.get('echo'));
      let back: Promise<void> | undefined;
      let gone: Promise<void> | undefined;
      const { code, stderr } = await shell.chamber(['monitor', 'flaky', 'ratio', '500'], {
        interruptWhen: (stdout, said) => {
          if (gone === undefined && stdout !== '') gone = device.disconnect();
          if (back === undefined && said.includes('timed out')) {
            const again = powerOn(server, identity, { behaviour: BEHAVIOURS.get('echo') });
            on.push(again);
            back = again.connect();
          }
          return said.includes('answers again');
        },
      });
      await Promise.all([gone, back]);
      expect(code).toBe(130);
      expect(stderr.match(/timed out/g)).toHaveLength(1);
      await shell.json(['device', 'remove', 'flaky', '--yes']);
    },
  },
  {
    ids: ['CLI-70'],
    what: '`nyan` switches rainbows on and off: of one device, of all that are online, in every form of its words',
    async run() {
      const rainbow = (args: string[]) => shell.json(['nyan', ...args]);
      const id = idOf(KITCHEN);
      expect(await rainbow([KITCHEN])).toEqual([{ id, signaling: true }]);
      expect(tinker.signalled).toBe(true);
      expect(await rainbow([id, 'off'])).toEqual([{ id, signaling: false }]);
      expect(tinker.signalled).toBe(false);
      for (const [args, signaling] of [
        [[], true],
        [['off'], false],
        [['all', 'on'], true],
        [['all', 'off'], false],
        [['on'], true],
        [['all'], true],
      ] as const) {
        const done = (await rainbow([...args])) as { signaling: boolean }[];
        expect(
          done.map((one) => one.signaling),
          args.join(' '),
        ).toEqual(Array(6).fill(signaling));
        expect(tinker.signalled).toBe(signaling);
      }
      expect(await rainbow([member, 'off', '--product', slug])).toEqual([{ id: member, signaling: false }]);
      expect(await shell.chamber(['nyan', 'cellar'])).toMatchObject({ code: 6 });
      expect(await shell.chamber(['nyan', KITCHEN, 'maybe'])).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-09'],
    what: '`device rename` gives a name with blanks and letters of any language; with `--product` a device of a product',
    async run() {
      const id = idOf('cellar');
      const renamed = await shell.chamber(['device', 'rename', id, 'pirate frosting ☠']);
      expect(renamed).toMatchObject({ code: 0, stdout: has('pirate frosting ☠') });
      expect(await shell.json(['device', 'info', 'pirate frosting ☠'])).toMatchObject({ id });
      expect(await shell.json(['cloud', 'name', 'pirate frosting ☠', 'cellar'])).toMatchObject({ id, name: 'cellar' });
      await shell.json(['device', 'rename', 'Lampe 1', 'Lampe 2', '--product', slug]);
      expect(await shell.json(['device', 'info', 'Lampe 2', '--product', slug])).toMatchObject({ id: member });
      expect(await shell.chamber(['device', 'rename', id, ESCAPES])).toMatchObject({ code: 1, stdout: '' });
    },
  },
  {
    ids: ['CLI-10', 'CLI-08'],
    what: '`device remove` gives a device up and `device add` claims it, with the texts of the published command line',
    note: 'The question is asked at a terminal; the tests answer it with `--yes`.',
    async run() {
      const id = idOf('cellar');
      expect(await shell.chamber(['device', 'remove', id])).toMatchObject({ code: 2, stderr: has('--yes') });
      expect(await shell.chamber(['device', 'remove', 'cellar', '--yes'])).toEqual({
        code: 0,
        stdout: 'server said  { ok: true }\nOkay!\n',
        stderr: `releasing device ${id}\n`,
      });
      expect(await shell.chamber(['device', 'add', id.toUpperCase()])).toEqual({
        code: 0,
        stdout: `Successfully claimed device ${id}\n`,
        stderr: `Claiming device ${id}\n`,
      });
      expect(await shell.chamber(['cloud', 'claim', '0123456789abcdef78901234'])).toMatchObject({ code: 5 });
      expect(await shell.chamber(['device', 'add', 'cellar'])).toMatchObject({ code: 2 });
      await shell.json(['device', 'rename', id, 'cellar']);
    },
  },
  {
    ids: ['CLI-08'],
    what: '`device add` of a device that belongs to somebody else asks whether to request a transfer, and requests it',
    async run() {
      const id = idOf('cellar');
      const asked = await stranger.chamber(['device', 'add', id]);
      expect(asked).toMatchObject({ code: 2, stderr: has('--request-transfer') });
      expect(asked.stderr).toContain('That device belongs to someone else. Would you like to request a transfer?');
      const requested = await stranger.chamber(['device', 'add', id, '--request-transfer']);
      expect(requested).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Transfer #\S+ requested\./) });
      const { body } = await ann.get<{ transfers: unknown[] }>({ uri: '/v1/device_transfers' });
      expect(body.transfers).toMatchObject([{ device_id: id, direction: 'incoming', requested_by: 'bob@example.net' }]);
    },
  },
  {
    ids: ['CLI-10'],
    what: '`device remove` of a cellular device says that its SIM is billed on',
    async run() {
      const { deviceId: id, publicKeyPem: public_key } = newDeviceIdentity();
      const data = { id, public_key, owner: 'ann@example.net', platform_id: 13 };
      await operator.post({ uri: '/v1/operator/devices', data });
      const { code, stderr } = await shell.chamber(['cloud', 'remove', id, '-y']);
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: has('does not stop billing') });
    },
  },
  {
    ids: ['CLI-09'],
    what: '`device info`, `ping` and `notes` tell and keep what there is of a device, also of a product',
    async run() {
      expect(await shell.chamber(['device', 'ping', KITCHEN])).toMatchObject({ code: 0, stdout: has('answers') });
      expect(await shell.chamber(['device', 'ping', 'cellar'])).toMatchObject({ code: 6, stdout: '' });
      expect(await shell.json(['device', 'ping', member, '--product', slug])).toMatchObject({ online: true });
      const about = await shell.chamber(['device', 'info', member, '--product', slug]);
      expect(about.stdout).toMatch(/^Lampe 2 \(.{24}\)\n {2}Online +yes\n {2}Platform +P2 \/ Photon 2\n/);
      await shell.json(['device', 'notes', KITCHEN, 'behind the\ntomatoes']);
      expect(await shell.chamber(['device', 'notes', KITCHEN])).toEqual({
        code: 0,
        stdout: 'behind the\ntomatoes\n',
        stderr: '',
      });
      expect(await shell.json(['device', 'notes', KITCHEN, '--clear'])).toEqual({ id: idOf(KITCHEN), notes: null });
      expect(await shell.json(['device', 'notes', KITCHEN])).toMatchObject({ notes: null });
      expect(await shell.chamber(['device', 'notes', KITCHEN, 'x', '--clear'])).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CON-19'],
    what: '`device doctor` says first why a device does not connect, then what to do; operators ask for any device',
    async run() {
      const verdict = async (of: Shell, ...args: string[]) => lines((await of.chamber(['doctor', ...args])).stdout)[0];
      expect(await verdict(shell, KITCHEN)).toBe(`${KITCHEN} (${idOf(KITCHEN)}) is connected. Nothing is wrong.`);
      expect(await verdict(shell, 'cellar')).toContain('has never tried to connect to this cloud.');
      expect(await verdict(shell, member, '--product', slug)).toContain('is connected');
      // A device that shows another key than the registered one.
      const { deviceId } = tinkerIdentity;
      await tinker.disconnect();
      const other = powerOn(server, { ...newDeviceIdentity(), deviceId });
      const refusal = other.connect().catch(() => {});
      const refused = await eventually('the attempt to be kept', async () => {
        const { stdout } = await shell.chamber(['device', 'doctor', deviceId]);
        return stdout.includes('key_mismatch') && stdout;
      });
      await other.disconnect({ timeoutMs: 0 });
      await refusal;
      expect(lines(refused)[0]).toBe(
        `${KITCHEN} (${deviceId}) is offline: it shows another key than the one that is registered for it.`,
      );
      expect(refused).toContain(`  chamber keys doctor ${deviceId}\n`);
      const approve = /chamber (device doctor \S+ --approve-key \d+)/.exec(refused)?.[1]?.split(' ') ?? [];
      expect(await shell.chamber(approve)).toMatchObject({ code: 2, stderr: has('--yes') });
      expect(await shell.json([...approve, '--yes'])).toMatchObject({ id: deviceId });
      // A device that nobody has registered is for operators.
      const unknown = newDeviceIdentity();
      const lost = powerOn(server, unknown);
      const lostRefusal = lost.connect().catch(() => {});
      await eventually('the operator to see it', async () =>
        (await verdict(operatorShell, unknown.deviceId))?.includes('nobody has registered its id'),
      );
      await lost.disconnect({ timeoutMs: 0 });
      await lostRefusal;
      expect(await shell.chamber(['doctor', unknown.deviceId])).toMatchObject({ code: 5, stdout: '' });
    },
  },
]);
