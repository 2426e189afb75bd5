import type { PublishedEvent, Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../bus/index.ts';
import type { Context } from '../domain/context.ts';
import { insertDevice } from '../domain/devices/device-store.ts';
import { FakeDeviceCommands } from '../domain/devices/fake-device-commands.ts';
import { claimDevice, getDevice, unclaimDevice, updateDevice } from '../domain/devices/index.ts';
import { publishEvent } from '../domain/events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../domain/firmware/index.ts';
import type { Store } from '../store/index.ts';
import { CloudGatewayPorts, type RunningMember } from './gateway-ports.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const STRANGER = 'e00fce68000000000000000f' as DeviceId;
const NOBODYS = 'e00fce680000000000000003' as DeviceId;
const KEY = Buffer.from('the key');

describeStores('CloudGatewayPorts', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let bus: InProcessBus;
  let commands: FakeDeviceCommands;
  let ports: CloudGatewayPorts;
  let updates: UpdateJournal;
  let ann: Context;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    const entropy = seededEntropy(1);
    const shared = { store, bus, clock, entropy, log: silentLogger };
    updates = await UpdateJournal.open({ ...shared, commands, blobs: new FirmwareBlobs(shared) });
    ports = new CloudGatewayPorts({ ...shared, commands, updates, trustFirstKey: false });
    const actor = { kind: 'user', userId: 'ann', username: 'ann@example.net', tokenId: 't', operator: false } as const;
    ann = { store, clock, entropy, log: silentLogger, actor };
    const account = { username: 'ann@example.net', password_hash: '', account_info: '{}', operator: 0, created_at: 0 };
    await store.db
      .insertInto('users')
      .values({ id: 'ann', ...account })
      .execute();
    const device = { platformId: 0, publicKey: KEY, at: 0 };
    await insertDevice(store.db, { ...device, id: A, name: 'a', ownerId: 'ann' });
    await insertDevice(store.db, { ...device, id: B, name: 'b', ownerId: 'ann' });
    await insertDevice(store.db, { ...device, id: STRANGER, name: 's', ownerId: 'bob' });
    await insertDevice(store.db, { ...device, id: NOBODYS, name: 'n', ownerId: null });
  });

  const attempt = (deviceId: DeviceId, publicKey: Uint8Array = KEY) => {
    const hello = { productId: 13, productVersion: 3, platformId: 13, flags: 0 };
    return { deviceId, publicKey, transport: 'udp' as const, hello, address: '198.51.100.17', at: clock.now() };
  };
  const connect = async (...ids: DeviceId[]) => {
    for (const id of ids) {
      await ports.sessionStarted(attempt(id));
      commands.online.add(id);
      ports.online(id, clock.now());
    }
    await clock.settle();
  };
  const subscribe = (id: DeviceId, prefix: string, more: Partial<Subscription> = {}, first = false) =>
    ports.subscribe(id, { prefix, accepts: 'text', ...more }, first);
  const event = (name: string, data = '', more: Partial<PublishedEvent> = {}): PublishedEvent => ({
    deviceId: A,
    name,
    data: Buffer.from(data),
    contentFormat: 0,
    ttlSeconds: 60,
    receivedAt: clock.now(),
    address: '198.51.100.17',
    ...more,
  });
  const logged = async () => {
    const events = await store.events.read({ limit: 100 });
    return events.map(({ name, data }) => `${name}=${data === null ? '' : Buffer.from(data)}`);
  };
  /** What reached devices, after everything has settled. */
  const deliveries = async () => {
    await clock.settle();
    return commands.deliveries.splice(0).map(({ deviceId, name, text }) => [deviceId, name, text]);
  };

  it('admits registered keys only', async () => {
    expect(await ports.authenticate(attempt(A))).toEqual({ admitted: true });
    expect(await ports.authenticate(attempt(A, Buffer.from('other')))).toEqual({
      admitted: false,
      reason: 'key_mismatch',
    });
    const unknown = attempt('e00fce6800000000000000ee' as DeviceId);
    expect(await ports.authenticate(unknown)).toEqual({ admitted: false, reason: 'unknown_device' });
  });

  it('hands on how connections ended, and needs nobody who listens', () => {
    const peer = { transport: 'udp', address: '192.0.2.7', port: 40_000, keyProved: false } as const;
    const outcome = { ...peer, stage: 'client_hello', reason: 'timed_out', at: clock.now() } as const;
    ports.connectionEnded(outcome);
    const noted: unknown[] = [];
    const parts = {
      store,
      bus,
      clock,
      entropy: ann.entropy,
      log: silentLogger,
      commands,
      updates,
      trustFirstKey: false,
    };
    const listening = new CloudGatewayPorts({ ...parts, connections: { note: (one) => noted.push(one) } });
    listening.connectionEnded(outcome);
    expect(noted).toEqual([outcome]);
  });

  it('says that it cannot tell when the store is gone', async () => {
    await store.close();
    expect(await ports.authenticate(attempt(A))).toEqual({ admitted: false, reason: 'unavailable' });
  });

  it('keeps an event of a device under its owner before it resolves (MSG-10)', async () => {
    await ports.publish(event('temp', '21.5', { ttlSeconds: 5 }));
    await ports.publish(event('bare'));
    await ports.publish(event('unowned', '', { deviceId: NOBODYS }));
    const [temp, bare, unowned] = await store.events.read({ limit: 10 });
    expect(temp).toMatchObject({
      ownerId: 'ann',
      deviceId: A,
      publisher: A,
      name: 'temp',
      ttlSeconds: 5,
      publishedAt: clock.now(),
    });
    expect(bare).toMatchObject({ name: 'bare', data: null });
    expect(unowned).toMatchObject({ ownerId: null, deviceId: NOBODYS });
  });

  it('refuses events of unknown devices, with bad names or with too much data', async () => {
    const unknown = 'e00fce6800000000000000ee' as DeviceId;
    await expect(ports.publish(event('x', '', { deviceId: unknown }))).rejects.toMatchObject({
      code: 'event.unknown_device',
    });
    await expect(ports.publish(event('a\nb'))).rejects.toMatchObject({ code: 'event.invalid' });
    await expect(ports.publish(event('x', 'x'.repeat(16_385)))).rejects.toMatchObject({ code: 'event.invalid' });
    expect(await logged()).toEqual([]);
  });

  it('brings events to subscribed devices of the same account, the publisher among them (MSG-01, 05, 06, 09)', async () => {
    await connect(A, B, STRANGER, NOBODYS);
    for (const id of [A, B, STRANGER, NOBODYS]) await subscribe(id, 'al', {}, true);
    await ports.publish(event('alarm', 'on'));
    expect(await deliveries()).toEqual([
      [A, 'alarm', 'on'],
      [B, 'alarm', 'on'],
    ]);
    await ports.publish(event('Alarm'));
    await ports.publish(event('alarm', '', { deviceId: NOBODYS }));
    expect(await deliveries()).toEqual([]);
    await publishEvent(ann, bus, { name: 'alpha', data: 'api' });
    expect((await deliveries()).map(([id]) => id)).toEqual([A, B]);
  });

  it('delivers no system event to subscribers, no binary to text handlers, nothing that is too long', async () => {
    await connect(A, B);
    await subscribe(B, '', {}, true);
    await subscribe(B, 'spark');
    await ports.publish(event('spark/device/last_reset', 'user'));
    await ports.publish(event('photo', 'x', { contentFormat: 22 }));
    await ports.publish(event('long', 'x'.repeat(1025)));
    expect(await deliveries()).toEqual([]);
    await subscribe(B, '', { accepts: 'binary' });
    await ports.publish(event('photo', 'x', { contentFormat: 22 }));
    expect(await deliveries()).toEqual([[B, 'photo', 'x']]);
  });

  it('replaces the set of subscriptions with the first of a session, and remembers it over a restart', async () => {
    await connect(B);
    await subscribe(B, 'old', {}, true);
    await subscribe(B, 'also');
    await Promise.all([
      subscribe(B, 'new', {}, true),
      subscribe(B, 'more'),
      subscribe(B, 'filtered', { deviceFilter: B }),
    ]);
    for (const name of ['old', 'also', 'new', 'more', 'filtered']) await ports.publish(event(name));
    expect((await deliveries()).map(([, name]) => name)).toEqual(['new', 'more']);
    await ports.close();
    ports = new CloudGatewayPorts({
      store,
      bus,
      clock,
      entropy: seededEntropy(1),
      log: silentLogger,
      commands,
      updates,
      trustFirstKey: false,
    });
    ports.online(B, clock.now());
    await clock.settle();
    await clock.settle();
    for (const name of ['old', 'new', 'more', 'filtered']) await ports.publish(event(name));
    expect((await deliveries()).map(([, name]) => name)).toEqual(['new', 'more']);
  });

  it('refuses the 33rd subscription of a device', async () => {
    await connect(B);
    for (let at = 0; at < 32; at++) await subscribe(B, `p${at}`, {}, at === 0);
    await expect(subscribe(B, 'one more')).rejects.toMatchObject({ code: 'device.too_many_subscriptions' });
  });

  it('follows a device that is claimed, given up, or goes away', async () => {
    await connect(A, NOBODYS);
    await subscribe(NOBODYS, 'al', {}, true);
    const hears = async () => {
      await ports.publish(event('alarm'));
      return (await deliveries()).length === 1;
    };
    expect(await hears()).toBe(false);
    await claimDevice(ann, bus, NOBODYS);
    await clock.settle();
    expect(await hears()).toBe(true);
    await ports.publish(event('mine', '', { deviceId: NOBODYS }));
    expect((await store.events.read({ ownerId: 'ann', deviceId: NOBODYS, limit: 9 })).map(({ name }) => name)).toEqual([
      'mine',
    ]);
    ports.offline(NOBODYS, clock.now(), 'silent');
    expect(await hears()).toBe(false);
    ports.online(NOBODYS, clock.now());
    expect(await hears()).toBe(true);
    await unclaimDevice(ann, bus, () => {}, NOBODYS);
    await clock.settle();
    expect(await hears()).toBe(false);
  });

  it('tells when devices come and go, not when sessions are replaced or the server stops', async () => {
    ports.online(A, clock.now());
    await clock.settle();
    await clock.settle();
    for (const reason of ['replaced', 'server_stopping', 'silent'] as const) ports.offline(A, clock.now(), reason);
    await expect.poll(logged).toEqual(['spark/status=online', 'spark/status=offline']);
  });

  it('answers name, ip and random to the device that asks, and to no other', async () => {
    await connect(A, B);
    await subscribe(B, 'particle', {}, true);
    await updateDevice(ann, bus, commands, { device: await getDevice(ann, A), name: 'greenhouse' });
    await clock.settle();
    for (const root of ['particle', 'spark']) {
      for (const what of ['name', 'ip', 'random']) await ports.publish(event(`${root}/device/${what}`));
      expect(await deliveries()).toEqual([
        [A, `${root}/device/name`, 'greenhouse'],
        [A, `${root}/device/ip`, '198.51.100.17'],
        [A, `${root}/device/random`, expect.stringMatching(/^.{40}$/)],
      ]);
    }
    expect((await logged()).filter((line) => !line.startsWith('spark/status'))).toEqual([]);
  });

  it('takes what system events say of the device', async () => {
    await connect(A);
    await ports.describe(A, {
      kind: 'system',
      system: { modules: [], assets: [], protectedState: false, imei: '352000000000001' },
    });
    await ports.publish(event('particle/device/updates/enabled', 'false'));
    await ports.publish(event('spark/device/safemode'));
    await ports.publish(event('spark/cellular/iccid', '8933150000000000001'));
    await ports.publish(event('spark/hardware/max_binary', '1024'));
    await ports.publish(event('spark/device/made-up', 'x'));
    await ports.publish(event('spark/device/last_reset', 'user'));
    const device = await getDevice(ann, A);
    expect(device).toMatchObject({
      updatesEnabled: false,
      safeMode: true,
      iccid: '8933150000000000001',
      imei: '352000000000001',
    });
    expect((await logged()).filter((line) => !line.endsWith('online'))).toEqual([
      'particle/device/updates/enabled=false',
      'spark/status/safe-mode={"modules":[],"assets":[],"protectedState":false,"imei":"352000000000001"}',
      'spark/device/last_reset=user',
    ]);
    await ports.sessionStarted(attempt(A));
    expect(await getDevice(ann, A)).toMatchObject({ safeMode: false });
  });

  it('tells what brings devices their firmware what happens to them, after it is stored', async () => {
    await store.db.updateTable('devices').set({ product_id: 1042 }).where('id', '=', A).execute();
    const told: (readonly [string, ...unknown[]])[] = [];
    const tell =
      (what: string) =>
      (...about: unknown[]): void =>
        void told.push([what, ...about]);
    const fleet = {
      connected: tell('connected'),
      disconnected: tell('disconnected'),
      described: tell('described'),
      inSafeMode: tell('in safe mode'),
      allowed: tell('allowed'),
      resumed: tell('resumed'),
    };
    const shared = { store, bus, clock, entropy: seededEntropy(2), log: silentLogger };
    const onRunning = [async (member: RunningMember) => void told.push(['runs', member])];
    ports = new CloudGatewayPorts({ ...shared, commands, updates, trustFirstKey: false, fleet, onRunning });
    const hello = { productId: 1042, productVersion: 3, platformId: 0, flags: 0 };
    await ports.sessionStarted({ ...attempt(A), hello });
    ports.online(A, clock.now());
    await ports.describe(A, { kind: 'system', system: { modules: [], assets: [], protectedState: false } });
    await ports.describe(A, { kind: 'application', application: { functions: [], variables: {} } });
    await ports.publish(event('spark/device/safemode'));
    await ports.publish(event('particle/device/updates/enabled', 'true'));
    await ports.publish(event('temp', '21.5'));
    ports.offline(A, clock.now(), 'replaced');
    ports.offline(A, clock.now(), 'silent');
    await ports.resumed([B]);
    expect(told).toEqual([
      ['runs', { deviceId: A, productId: 1042, version: 3 }],
      ['connected', A],
      ['described', A],
      ['in safe mode', A],
      ['allowed', A],
      ['disconnected', A],
      ['resumed', [B]],
    ]);
  });

  it('repeats to a device that updates are forced, when it does not know', async () => {
    await updateDevice(ann, bus, commands, { device: await getDevice(ann, A), updatesForced: true });
    await connect(A);
    await ports.publish(event('particle/device/updates/forced', 'true'));
    expect(await deliveries()).toEqual([]);
    await ports.publish(event('particle/device/updates/forced', 'false'));
    expect(await deliveries()).toEqual([[A, 'particle/device/updates/forced', 'true']]);
    expect(await logged()).toEqual([
      'spark/status=online',
      'particle/device/updates/forced=true',
      'particle/device/updates/forced=false',
    ]);
  });

  it('keeps what a device describes, metrics as vitals', async () => {
    await ports.describe(A, { kind: 'application', application: { functions: ['led'], variables: { t: 'double' } } });
    expect(await getDevice(ann, A)).toMatchObject({ functions: ['led'], variables: { t: 'double' } });
    const metrics = [
      { id: 6, value: 90_412 },
      { id: 3, value: 83.5 * 256 },
      { id: 9, error: -210 },
      { id: 999, value: 1 },
    ];
    await ports.describe(A, { kind: 'metrics', metrics });
    const vitals = JSON.stringify({
      device: {
        system: { uptime: 90_412 },
        power: { battery: { charge: 83.5 } },
        network: { connection: { error: { err: -210 } } },
      },
      service: { device: { status: 'ok' } },
    });
    const [line = ''] = await logged();
    expect(line.replace('spark/device/diagnostics/update=', '')).toBe(vitals);
  });

  it('keeps vitals before it resolves, those that a device makes itself too, with what the cloud says of it', async () => {
    await connect(A);
    const last = async () => {
      const rows = await store.db.selectFrom('device_vitals').selectAll().orderBy('at', 'desc').execute();
      return rows.map((row) => [row.device_id, row.at, JSON.parse(row.payload)]);
    };
    clock.advance(90_500);
    await ports.describe(A, { kind: 'metrics', metrics: [{ id: 6, value: 7 }] });
    const service = { device: { status: 'ok' }, cloud: { uptime: 90 } };
    const first = [A, clock.now(), { device: { system: { uptime: 7 } }, service }];
    expect(await last()).toEqual([first]);
    clock.advance(10_000);
    const own = { device: { system: { uptime: 17 } }, service: { device: { status: 'fake' } }, mine: '\u0000' };
    const name = 'spark/device/diagnostics/update';
    await ports.publish(event(name, JSON.stringify(own)));
    const second = [A, clock.now(), { ...own, service: { ...service, cloud: { uptime: 100 } } }];
    expect(await last()).toEqual([second, first]);
    clock.advance(10_000);
    for (const data of ['{"device":', '{"device":{"x":"'.padEnd(9000, 'x'), '[]', ''])
      await ports.publish(event(name, data));
    expect(await last()).toEqual([second, first]);
    expect((await logged()).filter((line) => line.startsWith(name))).toHaveLength(6);
  });

  it('notes when devices come and go', async () => {
    await ports.resumed([]);
    await connect(A);
    const came = clock.now();
    ports.offline(A, came + 5, 'replaced');
    ports.online(A, came + 5);
    ports.offline(A, came + 9, 'silent');
    ports.online(A, came + 12);
    ports.offline(A, came + 20, 'server_stopping');
    await ports.close();
    const rows = await store.db.selectFrom('device_presence').selectAll().orderBy('at').execute();
    expect(rows).toEqual([
      { device_id: A, at: came, online: 1, reason: null },
      { device_id: A, at: came + 9, online: 0, reason: 'silent' },
      { device_id: A, at: came + 12, online: 1, reason: null },
    ]);
  });
});
