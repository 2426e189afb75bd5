import { generateKeyPairSync } from 'node:crypto';
import type { DeviceId } from '@cloudchamber/kernel';
import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import type { Actor, Context } from '../context.ts';
import { FakeDeviceCommands } from './fake-device-commands.ts';
import {
  type AdmissionRules,
  admitDevice,
  callFunction,
  claimDevice,
  countDevices,
  DeviceWrites,
  deviceChanges,
  getDevice,
  listDevices,
  pingDevice,
  readVariable,
  recordDescription,
  recordHeard,
  recordSession,
  registerDevice,
  registerKey,
  unclaimDevice,
  updateDevice,
} from './index.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const OTHER_ID = 'e00fce68ffffffffffffffff' as DeviceId;

const user = (userId: string, operator = false): Actor => ({
  kind: 'user',
  userId,
  username: `${userId}@example.net`,
  tokenId: 't',
  operator,
});

function newKey(curve = 'prime256v1') {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    spki: publicKey.export({ type: 'spki', format: 'der' }) as Buffer,
  };
}

const HELLO = { productId: 13, productVersion: 0xffff, platformId: 13, flags: 0xf6, systemVersion: 6200 };
const attempt = (publicKey: Uint8Array, deviceId = ID) => ({
  deviceId,
  publicKey,
  transport: 'udp' as const,
  hello: HELLO,
  address: '198.51.100.17',
  at: 1_770_000_000_000,
});

describeStores('device verbs', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let bus: InProcessBus;
  let commands: FakeDeviceCommands;
  let ann: Context;
  let bob: Context;
  let operator: Context;
  let system: Context;
  const key = newKey();

  beforeEach(async () => {
    clock = new VirtualClock();
    bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    store = await open({ clock });
    const ambient = { store, clock, entropy: seededEntropy(1), log: silentLogger };
    ann = { ...ambient, actor: user('ann') };
    bob = { ...ambient, actor: user('bob') };
    operator = { ...ambient, actor: user('op', true) };
    system = { ...ambient, actor: { kind: 'system' } };
  });

  const registerAndClaim = async (id = ID) => {
    await registerKey(ann, commands, { id, publicKey: key.pem, algorithm: 'ecc' });
    return claimDevice(ann, bus, { id, requestTransfer: false });
  };
  const describe = () =>
    recordDescription(new DeviceWrites(store), ID, {
      application: { functions: ['led'], variables: { temp: 'double' } },
    });
  const rules = (trustFirstKey = false): AdmissionRules => ({ store, log: silentLogger, trustFirstKey });

  it('claims a known device that nobody owns, and again as often as one likes', async () => {
    await registerKey(bob, commands, { id: ID, publicKey: key.pem });
    const claimed = await claimDevice(ann, bus, { id: ID.toUpperCase(), requestTransfer: false });
    expect(claimed).toMatchObject({ id: ID, ownerId: 'ann', name: 'device-f60718', claimedAt: clock.now() });
    await expect(claimDevice(ann, bus, { id: ID, requestTransfer: false })).resolves.toMatchObject({ id: ID });
    expect(await listDevices(ann)).toHaveLength(1);
    expect(await listDevices(bob)).toEqual([]);
  });

  it('refuses to claim what is unknown, what is no id, and what somebody else owns', async () => {
    await expect(claimDevice(ann, bus, { id: ID, requestTransfer: false })).rejects.toMatchObject({
      code: 'device.not_found',
    });
    await expect(claimDevice(ann, bus, { id: 'wat', requestTransfer: false })).rejects.toMatchObject({
      code: 'device.not_found',
    });
    await registerAndClaim();
    const theft = claimDevice(bob, bus, { id: ID, requestTransfer: false });
    await expect(theft).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('belongs to someone else'),
    });
    const transfer = claimDevice(bob, bus, { id: ID, requestTransfer: true });
    await expect(transfer).rejects.toMatchObject({ code: 'device.not_available' });
    await expect(claimDevice(system, bus, { id: ID, requestTransfer: false })).rejects.toMatchObject({
      code: 'device.user_required',
    });
  });

  it('lets one of two claims at once win', async () => {
    await registerKey(ann, commands, { id: ID, publicKey: key.pem });
    const claims = await Promise.allSettled(
      [ann, bob].map((ctx) => claimDevice(ctx, bus, { id: ID, requestTransfer: false })),
    );
    expect(claims.map((claim) => claim.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('gives a device up, keeping its key, and tells who caches it', async () => {
    await registerAndClaim();
    const told: unknown[] = [];
    bus.subscribe(deviceChanges, (change) => told.push(change));
    await expect(unclaimDevice(bob, bus, ID)).rejects.toMatchObject({ code: 'device.not_recognized' });
    await unclaimDevice(ann, bus, ID);
    await clock.settle();
    expect(told).toEqual([{ deviceId: ID, ownerId: null }]);
    await expect(getDevice(ann, ID)).rejects.toMatchObject({ code: 'device.not_recognized' });
    expect(await admitDevice(rules(), attempt(key.spki))).toEqual({ admitted: true });
    await claimDevice(bob, bus, { id: ID, requestTransfer: false });
  });

  it('finds a device by id in any case or by the name of an own device only', async () => {
    await registerAndClaim();
    await updateDevice(ann, bus, commands, { device: ID, name: 'greenhouse' });
    for (const selector of [ID, ID.toUpperCase(), 'greenhouse'])
      expect(await getDevice(ann, selector)).toMatchObject({ id: ID });
    for (const [ctx, selector] of [
      [bob, ID],
      [bob, 'greenhouse'],
      [ann, OTHER_ID],
      [ann, 'Greenhouse'],
    ] as const) {
      await expect(getDevice(ctx, selector)).rejects.toMatchObject({ code: 'device.not_recognized' });
    }
    await expect(getDevice(system, ID)).rejects.toMatchObject({ code: 'device.user_required' });
    await expect(listDevices(system)).rejects.toMatchObject({ code: 'device.user_required' });
  });

  it('registers keys for own and unowned devices, never for those of somebody else', async () => {
    await registerAndClaim();
    const fresh = newKey();
    await expect(registerKey(bob, commands, { id: ID, publicKey: fresh.pem })).rejects.toMatchObject({
      code: 'device.not_recognized',
    });
    expect(await admitDevice(rules(), attempt(fresh.spki))).toEqual({ admitted: false, reason: 'key_mismatch' });
    await registerKey(ann, commands, { id: ID, publicKey: fresh.pem });
    expect(commands.ended).toEqual([ID]);
    expect(await admitDevice(rules(), attempt(fresh.spki))).toEqual({ admitted: true });
    await registerKey(ann, commands, { id: ID, publicKey: fresh.pem });
    expect(commands.ended).toEqual([ID]);
  });

  it('takes P-256 and RSA keys in PEM and nothing else', async () => {
    const register = (publicKey: string, algorithm?: 'ecc' | 'rsa') =>
      registerKey(ann, commands, { id: ID, publicKey, algorithm });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }) as string;
    const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    await register(rsa, 'rsa');
    for (const bad of [
      '',
      'wat',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
      newKey('secp384r1').pem,
      ed25519,
    ]) {
      await expect(register(bad)).rejects.toMatchObject({ code: 'device.invalid' });
    }
    await expect(register(rsa, 'ecc')).rejects.toMatchObject({ code: 'device.invalid' });
    await expect(registerKey(ann, commands, { id: 'wat', publicKey: key.pem })).rejects.toMatchObject({
      code: 'device.invalid',
    });
    await expect(registerKey(system, commands, { id: ID, publicKey: key.pem })).rejects.toMatchObject({
      code: 'device.user_required',
    });
  });

  it('lets an operator, and nobody else, make a device known with its owner', async () => {
    const input = { id: ID, publicKey: key.pem, platformId: 13, name: ' pump ', ownerId: 'ann' };
    await expect(registerDevice(ann, bus, commands, input)).rejects.toMatchObject({ code: 'operator_only' });
    expect(await registerDevice(operator, bus, commands, input)).toMatchObject({
      name: 'pump',
      platformId: 13,
      ownerId: 'ann',
    });
    await expect(registerDevice(operator, bus, commands, { ...input, ownerId: 'bob' })).rejects.toMatchObject({
      code: 'device.owned',
    });
    expect(await countDevices(ann)).toEqual({ wifi: 0, cellular: 1 });
  });

  it('admits the registered key only, and a first key when that is switched on', async () => {
    expect(await admitDevice(rules(), attempt(key.spki))).toEqual({ admitted: false, reason: 'unknown_device' });
    expect(await admitDevice(rules(true), attempt(key.spki))).toEqual({ admitted: true });
    expect(await admitDevice(rules(true), attempt(newKey().spki))).toEqual({ admitted: false, reason: 'key_mismatch' });
    expect(await admitDevice(rules(), attempt(key.spki))).toEqual({ admitted: true });
  });

  it('changes name and notes, and leaves all as it was when the device does not answer', async () => {
    await registerAndClaim();
    await expect(updateDevice(bob, bus, commands, { device: ID, name: 'mine' })).rejects.toMatchObject({
      code: 'device.not_recognized',
    });
    const changed = await updateDevice(ann, bus, commands, { device: ID, name: '  pump  ', notes: 'by the door' });
    expect(changed).toMatchObject({ name: 'pump', notes: 'by the door' });
    await expect(updateDevice(ann, bus, commands, { device: ID, name: 'other', signal: true })).rejects.toMatchObject({
      code: 'device.timed_out',
    });
    expect(await getDevice(ann, ID)).toMatchObject({ name: 'pump', notes: 'by the door' });
    commands.online.add(ID);
    await updateDevice(ann, bus, commands, { device: ID, notes: null, signal: true, updatesForced: true });
    expect(commands.signals).toEqual([{ deviceId: ID, on: true }]);
    expect(commands.deliveries).toEqual([{ deviceId: ID, name: 'particle/device/updates/forced', text: 'true' }]);
    expect(await getDevice(ann, ID)).toMatchObject({ name: 'pump', notes: null, updatesForced: true });
    for (const name of ['', '   ', 'x'.repeat(201), 'a\nb']) {
      await expect(updateDevice(ann, bus, commands, { device: ID, name })).rejects.toMatchObject({
        code: 'device.invalid',
      });
    }
  });

  it('pings: out of reach is an answer', async () => {
    await registerAndClaim();
    expect(await pingDevice(ann, commands, ID)).toBe(false);
    commands.online.add(ID);
    expect(await pingDevice(ann, commands, ID)).toBe(true);
    await expect(pingDevice(bob, commands, ID)).rejects.toMatchObject({ code: 'device.not_recognized' });
  });

  it('reads variables by their described type', async () => {
    await registerAndClaim();
    await describe();
    const read = (ctx: Context, name: string) => readVariable(ctx, commands, { device: ID, name });
    await expect(read(ann, 'nope')).rejects.toMatchObject({ kind: 'not_found', message: 'Unknown Variable: nope' });
    await expect(read(ann, 'toString')).rejects.toMatchObject({ code: 'device.unknown_variable' });
    await expect(read(ann, 'temp')).rejects.toMatchObject({ code: 'device.timed_out' });
    commands.online.add(ID);
    commands.variables.set('temp', 21.5);
    expect(await read(ann, 'temp')).toMatchObject({ value: 21.5, device: { id: ID } });
    commands.silent.add(ID);
    await expect(read(ann, 'temp')).rejects.toMatchObject({ code: 'device.timed_out' });
    await expect(read(bob, 'temp')).rejects.toMatchObject({ code: 'device.not_recognized' });
  });

  it('calls functions with arguments of up to 1024 bytes', async () => {
    await registerAndClaim();
    await describe();
    commands.online.add(ID);
    commands.functions.set('led', (argument) => argument.length);
    const call = (ctx: Context, name: string, argument = '') =>
      callFunction(ctx, commands, { device: ID, name, argument });
    expect(await call(ann, 'led', 'é'.repeat(512))).toMatchObject({ returnValue: 512 });
    await expect(call(ann, 'led', 'é'.repeat(513))).rejects.toMatchObject({ code: 'device.invalid' });
    await expect(call(ann, 'nope')).rejects.toMatchObject({ kind: 'not_found', message: 'Unknown Function: nope' });
    await expect(call(bob, 'led')).rejects.toMatchObject({ code: 'device.not_recognized' });
  });

  it('asks a device that never described itself', async () => {
    await registerAndClaim();
    await expect(readVariable(ann, commands, { device: ID, name: 'temp' })).rejects.toMatchObject({
      code: 'device.timed_out',
    });
    commands.online.add(ID);
    commands.variables.set('temp', 1);
    commands.describe = describe;
    expect(await readVariable(ann, commands, { device: ID, name: 'temp' })).toMatchObject({ value: 1 });
  });

  it('stores what sessions tell', async () => {
    await registerAndClaim();
    const writes = new DeviceWrites(store);
    await recordSession(writes, attempt(key.spki));
    expect(await getDevice(ann, ID)).toMatchObject({
      platformId: 13,
      systemVersion: 6200,
      firmwareVersion: null,
      lastIp: '198.51.100.17',
      lastHandshakeAt: 1_770_000_000_000,
      lastHeard: 1_770_000_000_000,
    });
    await recordHeard(
      writes,
      new Map([
        [ID, 1_770_000_025_000],
        [OTHER_ID, 1],
      ]),
    );
    expect(await getDevice(ann, ID)).toMatchObject({ lastHeard: 1_770_000_025_000 });
  });

  it('lists the device that connected last first', async () => {
    await registerAndClaim(ID);
    await registerAndClaim(OTHER_ID);
    await recordSession(new DeviceWrites(store), attempt(key.spki, OTHER_ID));
    expect((await listDevices(ann)).map((device) => device.id)).toEqual([OTHER_ID, ID]);
  });
});
