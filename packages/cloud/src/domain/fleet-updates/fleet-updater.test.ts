import { GatewayError } from '@cloudchamber/gateway';
import { type DeviceId, hours, minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TestFleet, testFleet } from '../../../test/fleet-updates/test-fleet.ts';
import type { Store } from '../../store/index.ts';
import { changeDevice } from '../devices/device-store.ts';
import { writeRelease } from '../releases/index.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const C = 'e00fce680000000000000003' as DeviceId;
const P = 1000;
const Q = 2000;
const at = (version: number, productId = P) => ({ productId, version });
const IMAGE = (version: number, productId = P) => [expect.stringContaining(`product ${productId} version ${version}`)];

describeStores('FleetUpdater', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let fleet: TestFleet;

  const begin = async (options = {}) => {
    clock = new VirtualClock();
    store = await open({ clock });
    fleet = await testFleet(store, clock, options);
    for (const version of [1, 2, 3]) await fleet.addVersion(P, version);
    clock.advance(1000);
  };
  beforeEach(() => begin());

  const change = async (id: DeviceId, changes: Parameters<typeof changeDevice>[2]) => {
    await changeDevice(store.db, id, changes);
    await fleet.changed(P, id);
  };
  const joinBeta = async (id: DeviceId) => {
    await store.db
      .insertInto('device_groups')
      .values({ product_id: P, name: 'beta', description: '', color: '#000000', created_at: 0 })
      .execute();
    await store.db.insertInto('device_group_members').values({ product_id: P, name: 'beta', device_id: id }).execute();
  };
  const outcomes = async (id: DeviceId) =>
    (await fleet.history(id)).map(({ reason, version, outcome }) => [reason, version, outcome]);
  const texts = (id: DeviceId, name: string) =>
    fleet.events.filter((event) => event.deviceId === id && event.name === name).map(({ text }) => text);

  describe('releases', () => {
    it('reach a device at its next handshake, once', async () => {
      await fleet.addDevice(A, P);
      await fleet.connect(A, at(1));
      clock.advance(10);
      await fleet.release(P, 2);
      expect(fleet.sent(A)).toBeUndefined();
      clock.advance(10);
      await fleet.connect(A, at(1));
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      expect(texts(A, 'spark/status')).toEqual(['auto-update']);
      await fleet.take(A, at(2));
      clock.advance(10);
      await fleet.connect(A, at(2));
      expect(await outcomes(A)).toEqual([['release', 2, 'succeeded']]);
      expect(fleet.fleet.figures()).toMatchObject({ running: 0, started: 1 });
    });

    it('reach devices that are online at once when they are immediate', async () => {
      for (const id of [A, B, C]) await fleet.addDevice(id, P);
      await change(C, { development: 1 });
      await fleet.connect(A, at(1));
      await fleet.connect(C, at(1));
      clock.advance(10);
      await fleet.release(P, 2, { immediate: true });
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      expect([fleet.sent(B), fleet.sent(C)]).toEqual([undefined, undefined]);
      await fleet.connect(B);
      expect(fleet.sent(B)).toEqual(IMAGE(2));
    });

    it('go by group before the default, and down as well as up', async () => {
      await fleet.addDevice(A, P);
      await joinBeta(A);
      await fleet.release(P, 3);
      await fleet.release(P, 1, { group: 'beta' });
      clock.advance(10);
      await fleet.connect(A, at(3));
      expect(fleet.sent(A)).toEqual(IMAGE(1));
    });

    it('that are taken back lead to what was released before at the next handshake', async () => {
      await fleet.addDevice(A, P);
      await joinBeta(A);
      await fleet.release(P, 1);
      await fleet.release(P, 2, { group: 'beta' });
      clock.advance(10);
      await fleet.connect(A, at(2));
      clock.advance(10);
      const nobody = { productId: P, version: 2, productDefault: false, groups: [], immediate: false, by: 'ann' };
      await store.db.transaction().execute((db) => writeRelease(db, { ...nobody, at: clock.now() }));
      await fleet.changed(P);
      expect(fleet.sent(A)).toBeUndefined();
      clock.advance(10);
      await fleet.connect(A, at(2));
      expect(fleet.sent(A)).toEqual(IMAGE(1));
    });

    it('wait for the handshake after a device has joined, but not when it joins in its Hello', async () => {
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.addDevice(A, P, { retargeted_at: clock.now() + 10 });
      await fleet.addDevice(B, P, { retargeted_at: clock.now() });
      await fleet.connect(A);
      await fleet.connect(B);
      expect(fleet.sent(A)).toBeUndefined();
      expect(fleet.sent(B)).toEqual(IMAGE(2));
      clock.advance(10);
      await fleet.connect(A);
      expect(fleet.sent(A)).toEqual(IMAGE(2));
    });

    it('do not reach quarantined devices', async () => {
      await fleet.release(P, 2);
      await fleet.addDevice(A, null);
      clock.advance(10);
      await fleet.connect(A, at(1));
      expect(fleet.sent(A)).toBeUndefined();
    });
  });

  describe('a lock', () => {
    it('waits for the handshake, or comes at once, also when the device was offline', async () => {
      for (const id of [A, B]) await fleet.addDevice(id, P);
      await fleet.connect(A, at(1));
      clock.advance(10);
      await change(A, { desired_firmware_version: 3, retargeted_at: clock.now() });
      expect(fleet.sent(A)).toBeUndefined();
      await change(A, { flash_now: 1 });
      expect(fleet.sent(A)).toEqual(IMAGE(3));
      await change(B, { desired_firmware_version: 2, flash_now: 1, retargeted_at: clock.now() });
      await fleet.connect(B, at(1));
      expect(fleet.sent(B)).toEqual(IMAGE(2));
      await fleet.take(B, at(2));
      expect(await outcomes(B)).toEqual([['lock', 2, 'succeeded']]);
    });

    it('to be sent at once ends an update to another version', async () => {
      await fleet.addDevice(A, P);
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.connect(A, at(1));
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      clock.advance(10);
      await change(A, { desired_firmware_version: 3, retargeted_at: clock.now() });
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      const update = fleet.commands.updates.get(A);
      await change(A, { flash_now: 1 });
      expect(fleet.sent(A)).toBeUndefined();
      fleet.journal.ended(A, update?.id ?? '', { outcome: 'failed', reason: 'cancelled' });
      await fleet.settle();
      expect(fleet.sent(A)).toEqual(IMAGE(3));
    });

    it('to a version that is gone says so', async () => {
      await fleet.addDevice(A, P, { desired_firmware_version: 9, flash_now: 1 });
      await fleet.connect(A, at(1));
      expect(fleet.fleet.waitOf(A)).toMatchObject({ blocked: 'unsuitable' });
      expect(fleet.fleet.waitsFor(A)).toContain('no firmware version 9');
    });
  });

  describe('an update under way', () => {
    beforeEach(async () => {
      await fleet.addDevice(A, P);
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.connect(A, at(1));
      expect(fleet.sent(A)).toEqual(IMAGE(2));
    });

    it.each([
      ['is marked as development', { development: 1 }],
      ['has left the product', { product_id: null }],
    ])('is ended when the device %s', async (_what, changes) => {
      await change(A, changes);
      expect(fleet.sent(A)).toBeUndefined();
    });

    it('goes on when a later version is released', async () => {
      await fleet.release(P, 3);
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      await fleet.take(A, at(2));
      expect(fleet.sent(A)).toEqual(IMAGE(3));
    });
  });

  describe('a device that forbids updates', () => {
    const PENDING = 'particle/device/updates/pending';
    const told = () => fleet.commands.deliveries.filter(({ name }) => name === PENDING).map(({ text }) => text);
    beforeEach(async () => {
      await fleet.addDevice(A, P, { updates_enabled: 0 });
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.connect(A, at(1));
    });

    it('is told that one is pending, once a session, and streams too', async () => {
      expect(fleet.sent(A)).toBeUndefined();
      expect(fleet.fleet.waitOf(A)).toEqual({ blocked: 'updates_disabled' });
      await fleet.changed(P);
      expect([told(), texts(A, PENDING)]).toEqual([['true'], ['true']]);
      await fleet.connect(A, at(1));
      expect(told()).toEqual(['true', 'true']);
    });

    it.each([
      ['allows them', { updates_enabled: 1 }],
      ['is forced', { updates_forced: 1 }],
    ])('gets it when it %s, and is told that nothing is pending any more', async (_what, changes) => {
      await change(A, changes);
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      expect(told()).toEqual(['true']);
      await change(A, { updates_enabled: 1 });
      await fleet.take(A, at(2));
      expect(fleet.fleet.waitOf(A)).toBeUndefined();
    });

    it('gets it when it says so itself', async () => {
      await changeDevice(store.db, A, { updates_enabled: 1 });
      fleet.fleet.allowed(A);
      await fleet.settle();
      expect(fleet.sent(A)).toEqual(IMAGE(2));
    });

    it('is told when its update is withdrawn', async () => {
      await store.db.deleteFrom('firmware_releases').execute();
      await fleet.changed(P);
      expect([told(), texts(A, PENDING)]).toEqual([
        ['true', 'false'],
        ['true', 'false'],
      ]);
      expect(fleet.fleet.waitOf(A)).toBeUndefined();
    });
  });

  describe('failures', () => {
    it('are tried again ever later, also by another process', async () => {
      await fleet.addDevice(A, P);
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.connect(A, at(1));
      for (const pause of [minutes(1), minutes(5), minutes(30), hours(2), hours(12), hours(24), hours(24)]) {
        expect(fleet.sent(A)).toEqual(IMAGE(2));
        await fleet.fail(A);
        expect(fleet.fleet.waitOf(A)).toEqual({ blocked: 'backing_off', until: clock.now() + pause });
        await clock.elapse(pause - 2000);
        await fleet.restart();
        expect(fleet.sent(A)).toBeUndefined();
        await clock.elapse(2000);
        await fleet.settle();
      }
      expect(fleet.sent(A)).toEqual(IMAGE(2));
      await fleet.take(A, at(2));
      await clock.elapse(hours(48));
      expect((await outcomes(A)).length).toBe(8);
      await fleet.release(P, 3);
      await fleet.connect(A, at(2));
      expect(fleet.sent(A)).toEqual(IMAGE(3));
    });

    it('count when the device took the update and runs something else', async () => {
      await fleet.addDevice(A, P);
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.connect(A, at(1));
      await fleet.take(A, at(1));
      expect(fleet.fleet.waitOf(A)).toMatchObject({ blocked: 'backing_off' });
      await clock.elapse(minutes(1));
      await fleet.settle();
      expect(fleet.sent(A)).toEqual(IMAGE(2));
    });

    it.each([
      ['device.rejected', 'refused'],
      ['device.timed_out', 'no_answer'],
    ] as const)('to take the start (%s) count', async (code, outcome) => {
      fleet.commands.takeUpdate = async () => {
        throw new GatewayError(code, 'no');
      };
      await fleet.addDevice(A, P);
      await fleet.release(P, 2);
      clock.advance(10);
      await fleet.connect(A, at(1));
      expect(await outcomes(A)).toEqual([['release', 2, outcome]]);
      expect(fleet.fleet.waitOf(A)).toEqual({ blocked: 'backing_off', until: clock.now() + minutes(1) });
      fleet.commands.takeUpdate = async () => {};
      await clock.elapse(minutes(1));
      await fleet.settle();
      expect(fleet.sent(A)).toEqual(IMAGE(2));
    });

    it('of a lock that is made anew do not count', async () => {
      await fleet.addDevice(A, P);
      await fleet.connect(A, at(1));
      await change(A, { desired_firmware_version: 3, flash_now: 1, retargeted_at: clock.now() });
      await fleet.fail(A);
      clock.advance(10);
      await change(A, { retargeted_at: clock.now() });
      expect(fleet.sent(A)).toEqual(IMAGE(3));
    });
  });

  it('waits for the end of what somebody flashes', async () => {
    await fleet.addDevice(A, P);
    await fleet.connect(A, at(1));
    const flash = { id: 'f'.repeat(24), deviceId: A, requestedBy: 'ann', reason: 'flash' as const, at: clock.now() };
    await fleet.journal.begin({
      ...flash,
      images: [{ data: Buffer.from('own'), moduleFunction: 5 }],
      applicationHash: undefined,
    });
    await fleet.release(P, 2, { immediate: true });
    expect(fleet.sent(A)).toEqual(['own']);
    expect(fleet.fleet.waitOf(A)).toEqual({ blocked: 'updating' });
    await fleet.take(A, null);
    expect(fleet.sent(A)).toEqual(IMAGE(2));
  });

  it('sends no image that is too large, and one that is not when there is another version', async () => {
    await fleet.addVersion(P, 4, { content: Buffer.alloc(5000) });
    fleet.commands.hello = { ...fleet.commands.hello, maxBinarySize: 4000 };
    await fleet.addDevice(A, P);
    await fleet.release(P, 4);
    clock.advance(10);
    await fleet.connect(A, at(1));
    expect(fleet.fleet.waitOf(A)).toMatchObject({ blocked: 'too_large' });
    expect(fleet.fleet.waitsFor(A)).toContain('takes 4000 at most');
    expect(await outcomes(A)).toEqual([]);
    await fleet.release(P, 2, { immediate: true });
    expect(fleet.sent(A)).toEqual(IMAGE(2));
  });

  it('keeps to its limit, products in turn, and gives places back', async () => {
    await begin({ atOnce: 2 });
    await fleet.addVersion(Q, 2);
    const ids = (digit: string) =>
      Array.from({ length: 4 }, (_, n) => `e00fce68000000000000${digit}00${n}` as DeviceId);
    const [ofP, ofQ] = [ids('a'), ids('b')];
    for (const id of ofP) await fleet.addDevice(id, P);
    for (const id of ofQ) await fleet.addDevice(id, Q);
    for (const id of ofP) await fleet.connect(id, at(1));
    for (const id of ofQ) await fleet.connect(id, at(1, Q));
    clock.advance(10);
    await fleet.release(P, 2, { immediate: true });
    await fleet.release(Q, 2, { immediate: true });
    const order = new Set<DeviceId>();
    for (let round = 0; round < 8; round++) {
      const running = [...fleet.commands.updates.keys()];
      expect(running.length).toBe(Math.min(2, 8 - round));
      const { waiting } = fleet.fleet.figures();
      expect(waiting.get('waiting_for_slot')).toBe(Math.max(0, 6 - round));
      for (const id of running) order.add(id);
      const [first] = running as [DeviceId];
      await fleet.take(first, at(2, ofP.includes(first) ? P : Q));
    }
    const products = [...order].map((id) => (ofP.includes(id) ? 'p' : 'q')).join('');
    expect(products).toBe('pppqpqqq'.slice(0, 8));
    expect(fleet.fleet.figures()).toMatchObject({ running: 0, started: 8 });
  });

  it('gives the place of a device that goes away to another, and takes it up when it returns', async () => {
    await begin({ atOnce: 1 });
    for (const id of [A, B]) await fleet.addDevice(id, P);
    await fleet.release(P, 2);
    clock.advance(10);
    await fleet.connect(A, at(1));
    await fleet.connect(B, at(1));
    expect([fleet.sent(A), fleet.sent(B)]).toEqual([IMAGE(2), undefined]);
    expect(fleet.fleet.waitOf(B)).toEqual({ blocked: 'waiting_for_slot' });
    await fleet.disconnect(A);
    expect(fleet.sent(B)).toEqual(IMAGE(2));
    await fleet.connect(A, at(1));
    expect(fleet.fleet.figures().running).toBe(2);
    await fleet.disconnect(B);
    await fleet.take(A, at(2));
    expect(await outcomes(A)).toEqual([['release', 2, 'succeeded']]);
  });

  it('goes on after the end of the process, wherever that comes', async () => {
    await fleet.addDevice(A, P);
    await fleet.connect(A, at(1));
    await fleet.restart();
    clock.advance(10);
    await fleet.release(P, 2);
    await fleet.restart();
    expect(fleet.sent(A)).toBeUndefined();
    await fleet.connect(A, at(1));
    expect(fleet.sent(A)).toEqual(IMAGE(2));
    await fleet.restart();
    expect(fleet.sent(A)).toEqual(IMAGE(2));
    await fleet.fail(A);
    await fleet.restart();
    await clock.elapse(minutes(1));
    await fleet.settle();
    expect(fleet.sent(A)).toEqual(IMAGE(2));
    await fleet.restart();
    await fleet.take(A, at(2));
    await fleet.restart();
    expect(fleet.sent(A)).toBeUndefined();
    expect(await outcomes(A)).toEqual([
      ['release', 2, 'refused'],
      ['release', 2, 'succeeded'],
    ]);
  });

  it('looks at a thousand devices that come at once in a few reads, and reads their file once', async () => {
    const ids = Array.from({ length: 1000 }, (_, n) => `e00fce68000000000001${String(n).padStart(4, '0')}` as DeviceId);
    await begin({ atOnce: 20 });
    await fleet.addDevice(A, P, { last_handshake_at: clock.now() + 5 });
    const row = await store.db.selectFrom('devices').selectAll().where('id', '=', A).executeTakeFirstOrThrow();
    for (let first = 0; first < ids.length; first += 500) {
      const rows = ids.slice(first, first + 500).map((id) => ({ ...row, id }));
      await store.db.insertInto('devices').values(rows).execute();
    }
    await fleet.release(P, 2);
    clock.advance(10);
    for (const id of ids) {
      fleet.commands.online.add(id);
      fleet.fleet.connected(id);
    }
    // Many events at once are committed a few milliseconds apart.
    let isSettled = false;
    const settling = fleet.settle().then(() => {
      isSettled = true;
    });
    while (!isSettled) await clock.elapse(10);
    await settling;
    expect(fleet.commands.updates.size).toBe(20);
    expect(fleet.fleet.figures().waiting.get('waiting_for_slot')).toBe(980);
    const images = [...fleet.commands.updates.values()].map((update) => update.images[0]?.data);
    expect(new Set(images).size).toBe(1);
  });

  it('leaves no timer behind', async () => {
    await fleet.addDevice(A, P);
    await fleet.release(P, 2);
    clock.advance(10);
    await fleet.connect(A, at(1));
    await fleet.fail(A);
    expect(clock.pending).toBe(1);
    fleet.fleet.close();
    expect(clock.pending).toBe(0);
  });
});
