import { generateKeyPairSync } from 'node:crypto';
import type { DeviceId } from '@cloudchamber/kernel';
import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import type { Context, UserActor, UserContext } from '../context.ts';
import type { DeviceLabels } from './device-labels.ts';
import { FakeDeviceCommands } from './fake-device-commands.ts';
import {
  type AdmissionRules,
  admitDevice,
  callFunction,
  claimDevice,
  countDevices,
  DeviceWrites,
  deviceChanges,
  findDevice,
  getDevice,
  listDevices,
  lookUpSerialNumber,
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
import type { RegisterDeviceInput } from './register-device.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const OTHER_ID = 'e00fce68ffffffffffffffff' as DeviceId;

const user = (userId: string, operator = false): UserActor => ({
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
  let ann: UserContext;
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
    for (const id of ['ann', 'bob']) {
      const account = { username: `${id}@example.net`, password_hash: '', account_info: '{}', operator: 0 };
      await store.db
        .insertInto('users')
        .values({ id, ...account, created_at: 0 })
        .execute();
    }
  });

  const registerAndClaim = async (id = ID) => {
    await registerKey(ann, commands, { id, publicKey: key.pem, algorithm: 'ecc' });
    return claimDevice(ann, bus, id);
  };
  const describeItself = () =>
    recordDescription(new DeviceWrites(store), ID, {
      application: { functions: ['led'], variables: { temp: 'double' } },
    });
  const rules = (trustFirstKey = false): AdmissionRules => ({ store, log: silentLogger, trustFirstKey });

  it('claims a known device that nobody owns, and again as often as one likes', async () => {
    await registerKey(bob, commands, { id: ID, publicKey: key.pem });
    const claimed = await claimDevice(ann, bus, ID.toUpperCase());
    expect(claimed).toMatchObject({ id: ID, ownerId: 'ann', name: 'device-f60718', claimedAt: clock.now() });
    await expect(claimDevice(ann, bus, ID)).resolves.toMatchObject({ id: ID });
    expect(await listDevices(ann)).toHaveLength(1);
    expect(await listDevices(bob)).toEqual([]);
  });

  it('refuses to claim what is unknown, what is no id, and what somebody else owns', async () => {
    await expect(claimDevice(ann, bus, ID)).rejects.toMatchObject({
      code: 'device.not_found',
    });
    await expect(claimDevice(ann, bus, 'wat')).rejects.toMatchObject({
      code: 'device.not_found',
    });
    await registerAndClaim();
    const theft = claimDevice(bob, bus, ID);
    await expect(theft).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('belongs to someone else'),
    });
    await expect(claimDevice(system, bus, ID)).rejects.toMatchObject({
      code: 'device.owner_required',
    });
  });

  it('lets one of two claims at once win', async () => {
    await registerKey(ann, commands, { id: ID, publicKey: key.pem });
    const claims = await Promise.allSettled([ann, bob].map((ctx) => claimDevice(ctx, bus, ID)));
    expect(claims.map((claim) => claim.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('gives a device up, keeping its key, and tells who caches it', async () => {
    await registerAndClaim();
    const told: unknown[] = [];
    bus.subscribe(deviceChanges, (change) => told.push(change));
    await expect(unclaimDevice(bob, bus, () => {}, ID)).rejects.toMatchObject({ code: 'device.not_recognized' });
    await unclaimDevice(ann, bus, () => {}, ID);
    await clock.settle();
    expect(told).toEqual([{ deviceId: ID, ownerId: null }]);
    await expect(getDevice(ann, ID)).rejects.toMatchObject({ code: 'device.not_recognized' });
    expect(await admitDevice(rules(), attempt(key.spki))).toEqual({ admitted: true });
    await claimDevice(bob, bus, ID);
  });

  it('finds a device by id in any case or by the name of an own device only', async () => {
    await registerAndClaim();
    await updateDevice(ann, bus, commands, { device: await getDevice(ann, ID), name: 'greenhouse' });
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
    await expect(getDevice(system, ID)).rejects.toMatchObject({ code: 'device.owner_required' });
    await expect(listDevices(system)).rejects.toMatchObject({ code: 'device.owner_required' });
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

  describe('labels of a registered device', () => {
    const LABELS = { serialNumber: 'P046ABCDE123456', imei: '352753090000001', iccid: '8933150000000000001' };
    const register = (input: Partial<RegisterDeviceInput>, id = ID) =>
      registerDevice(operator, bus, commands, { id, publicKey: key.pem, ...input });

    it('are kept as they are looked up, and stay or go as the operator says', async () => {
      const spelled = { ...LABELS, serialNumber: ' p046abcde123456 ', imei: ` ${LABELS.imei}` };
      expect(await register({ ...spelled, ownerId: 'ann' })).toMatchObject(LABELS);
      for (const text of ['P046ABCDE123456', 'p046abcde123456', 'p046Abcde123456']) {
        expect(await lookUpSerialNumber(ann, text)).toMatchObject({ id: ID });
      }
      expect(await register({ publicKey: undefined, name: 'pump' })).toMatchObject({ ...LABELS, name: 'pump' });
      expect(commands.ended).toEqual([]);
      expect(await register({ imei: null, iccid: '', serialNumber: 'S-2' })).toMatchObject({
        serialNumber: 'S-2',
        imei: null,
        iccid: null,
      });
      await expect(lookUpSerialNumber(ann, LABELS.serialNumber)).rejects.toMatchObject({
        code: 'device.serial_not_found',
      });
    });

    it('are refused when they cannot be, and nothing is registered then', async () => {
      const bad: DeviceLabels[] = [
        { serialNumber: 'x'.repeat(65) },
        { serialNumber: 'P046\0' },
        { serialNumber: 'P046\nA' },
        { serialNumber: 'Größe' },
        { imei: '35275309000000' },
        { imei: '3527530900000012' },
        { imei: '35275309000000a' },
        { iccid: '893315000000000001' },
        { iccid: '893315000000000000123' },
        { iccid: '89331500000000000012\n1' },
      ];
      for (const labels of bad) await expect(register(labels)).rejects.toMatchObject({ code: 'device.invalid' });
      await expect(register({ publicKey: undefined })).rejects.toMatchObject({ code: 'device.invalid' });
      expect(await findDevice(store.db, ID)).toBeUndefined();
    });

    it('name one device: a serial number is free again when it was taken from the other', async () => {
      await register(LABELS);
      const taken = { code: 'device.serial_taken', message: expect.stringContaining(ID) };
      await expect(register({ serialNumber: 'p046ABCDE123456' }, OTHER_ID)).rejects.toMatchObject(taken);
      expect(await findDevice(store.db, OTHER_ID)).toBeUndefined();
      // A SIM may have moved, and what a modem tells is stored anyway.
      await register({ iccid: LABELS.iccid, imei: LABELS.imei }, OTHER_ID);
      await register({ serialNumber: null });
      expect(await register(LABELS, OTHER_ID)).toMatchObject(LABELS);
    });

    it('go to one of two devices that get the same serial number at once', async () => {
      const registrations = [ID, OTHER_ID].map((id) => register({ serialNumber: 'S-1' }, id));
      const settled = await Promise.allSettled(registrations);
      expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const reason = settled.flatMap((one) => (one.status === 'rejected' ? one.reason : []));
      expect(reason).toMatchObject([{ code: 'device.serial_taken' }]);
    });
  });

  it('admits the registered key only, and a first key when that is switched on', async () => {
    expect(await admitDevice(rules(), attempt(key.spki))).toEqual({ admitted: false, reason: 'unknown_device' });
    expect(await admitDevice(rules(true), attempt(key.spki))).toEqual({ admitted: true });
    expect(await admitDevice(rules(true), attempt(newKey().spki))).toEqual({ admitted: false, reason: 'key_mismatch' });
    expect(await admitDevice(rules(), attempt(key.spki))).toEqual({ admitted: true });
  });

  it('changes name and notes, and leaves all as it was when the device does not answer', async () => {
    await registerAndClaim();
    const changed = await updateDevice(ann, bus, commands, {
      device: await getDevice(ann, ID),
      name: '  pump  ',
      notes: 'by the door',
    });
    expect(changed).toMatchObject({ name: 'pump', notes: 'by the door' });
    await expect(
      updateDevice(ann, bus, commands, { device: await getDevice(ann, ID), name: 'other', signal: true }),
    ).rejects.toMatchObject({
      code: 'device.timed_out',
    });
    expect(await getDevice(ann, ID)).toMatchObject({ name: 'pump', notes: 'by the door' });
    commands.online.add(ID);
    await updateDevice(ann, bus, commands, {
      device: await getDevice(ann, ID),
      notes: null,
      signal: true,
      updatesForced: true,
    });
    expect(commands.signals).toEqual([{ deviceId: ID, on: true }]);
    expect(commands.deliveries).toEqual([{ deviceId: ID, name: 'particle/device/updates/forced', text: 'true' }]);
    expect(await getDevice(ann, ID)).toMatchObject({ name: 'pump', notes: null, updatesForced: true });
    for (const name of ['', '   ', 'x'.repeat(201), 'a\nb']) {
      await expect(updateDevice(ann, bus, commands, { device: await getDevice(ann, ID), name })).rejects.toMatchObject({
        code: 'device.invalid',
      });
    }
  });

  it('pings: out of reach is an answer', async () => {
    await registerAndClaim();
    expect(await pingDevice(commands, await getDevice(ann, ID))).toBe(false);
    commands.online.add(ID);
    expect(await pingDevice(commands, await getDevice(ann, ID))).toBe(true);
  });

  it('reads variables by their described type', async () => {
    await registerAndClaim();
    await describeItself();
    const read = async (ctx: Context, name: string) =>
      readVariable(ctx, commands, { device: await getDevice(ctx, ID), name });
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
    await describeItself();
    commands.online.add(ID);
    commands.functions.set('led', (argument) => argument.length);
    const call = async (ctx: Context, name: string, argument = '') =>
      callFunction(ctx, commands, { device: await getDevice(ctx, ID), name, argument });
    expect(await call(ann, 'led', 'é'.repeat(512))).toMatchObject({ returnValue: 512 });
    await expect(call(ann, 'led', 'é'.repeat(513))).rejects.toMatchObject({ code: 'device.invalid' });
    await expect(call(ann, 'nope')).rejects.toMatchObject({ kind: 'not_found', message: 'Unknown Function: nope' });
    await expect(call(bob, 'led')).rejects.toMatchObject({ code: 'device.not_recognized' });
  });

  it('asks a device that never described itself', async () => {
    await registerAndClaim();
    await expect(readVariable(ann, commands, { device: await getDevice(ann, ID), name: 'temp' })).rejects.toMatchObject(
      {
        code: 'device.timed_out',
      },
    );
    commands.online.add(ID);
    commands.variables.set('temp', 1);
    commands.describe = describeItself;
    expect(await readVariable(ann, commands, { device: await getDevice(ann, ID), name: 'temp' })).toMatchObject({
      value: 1,
    });
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
