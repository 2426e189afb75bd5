import { type DeviceId, days, hours, minutes, seconds, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import { changeDevice, insertDevice } from '../devices/device-store.ts';
import { type DevicePast, DeviceWrites, findDevice } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { HealthCounter } from './health-counter.ts';
import { CountPruner, PresencePruner } from './health-pruner.ts';
import { healthSeries } from './health-series.ts';
import { listPresence } from './list-presence.ts';
import { onlineSeries } from './online-series.ts';
import { PresenceLog } from './presence-log.ts';
import { addChanges } from './presence-store.ts';

const NOW = Date.parse('2026-02-03T08:20:00.000Z');
const QUARTER = minutes(15);
const PRODUCT = 1042;
const idOf = (number: number) => `e00fce68${String(number).padStart(16, '0')}` as DeviceId;
const [A, B, C, ELSEWHERE] = [idOf(1), idOf(2), idOf(3), idOf(4)] as const;

async function setUp(open: (options: { clock: VirtualClock }) => Promise<Store>) {
  const clock = new VirtualClock();
  clock.advance(NOW - clock.now());
  const store = await open({ clock });
  for (const id of [A, B, C, ELSEWHERE]) {
    await insertDevice(store.db, { id, name: 'n', platformId: 13, publicKey: null, ownerId: null, at: 0 });
  }
  for (const id of [A, B, C]) await changeDevice(store.db, id, { product_id: PRODUCT });
  const ctx = { store, clock, entropy: seededEntropy(1), log: silentLogger };
  const product = { id: PRODUCT } as ProductContext['product'];
  const actor = { kind: 'user', userId: 'ann', username: 'ann@example.net', tokenId: 't', operator: false } as const;
  const inProduct: ProductContext = { ...ctx, actor, product, scope: 'metrics.events:get', role: 'Owner' };
  return { clock, store, ctx, inProduct };
}

const lasts = { start_date: '2026-02-03T08:00:00Z', end_date: '2026-02-03T09:00:00Z' };

describeStores('the figures of a fleet', (open) => {
  it('are stored once a minute, by quarter, device and product', async () => {
    const { clock, store, ctx, inProduct } = await setUp(open);
    const counter = new HealthCounter(ctx);
    const figures = async (asked = {}) =>
      (await healthSeries(inProduct, 'events', { ...lasts, ...asked })).map(({ time, counts }) => [
        new Date(time).toISOString().slice(11, 16),
        counts.received,
      ]);
    counter.event({ deviceId: A, productId: PRODUCT });
    counter.event({ deviceId: A, productId: PRODUCT });
    counter.event({ deviceId: B, productId: PRODUCT });
    counter.event({ deviceId: ELSEWHERE, productId: null });
    counter.event({ deviceId: ELSEWHERE, productId: 7 });
    expect(await figures()).toEqual([
      ['08:00', 0],
      ['08:15', 0],
    ]);
    clock.advance(minutes(1));
    await counter.flush();
    clock.advance(minutes(10));
    counter.event({ deviceId: A, productId: PRODUCT });
    await counter.flush();
    expect(await figures()).toEqual([
      ['08:00', 0],
      ['08:15', 3],
      ['08:30', 1],
    ]);
    expect(await figures({ bucket_size: 3600 })).toEqual([['08:00', 4]]);
    // 08:15 is no begin of a bucket of 20 minutes: what began in it counts for 08:00.
    expect(await figures({ bucket_size: 1200 })).toEqual([
      ['08:00', 3],
      ['08:20', 1],
    ]);
    await changeDevice(store.db, A, { firmware_product_id: PRODUCT, firmware_version: 7, system_version: 6201 });
    await changeDevice(store.db, B, { firmware_product_id: 9, firmware_version: 7 });
    const group = { product_id: PRODUCT, name: 'north', description: '', color: '#000000', created_at: 0 };
    await store.db.insertInto('device_groups').values(group).execute();
    await store.db
      .insertInto('device_group_members')
      .values({ product_id: PRODUCT, name: 'north', device_id: B })
      .execute();
    const sum = async (asked: object) => (await figures(asked)).reduce((total, [, count]) => total + Number(count), 0);
    expect(await sum({ product_fw: 7 })).toBe(3);
    expect(await sum({ product_fw: 8 })).toBe(0);
    expect(await sum({ device_os_version: '6.2.1' })).toBe(3);
    expect(await sum({ device_group: 'north' })).toBe(1);
    expect(await sum({ device_group: 'north', product_fw: 7 })).toBe(0);
    await counter.close();
  });

  it('of calls belong to the product that the device was in when it was asked', async () => {
    const { clock, store, ctx, inProduct } = await setUp(open);
    const counter = new HealthCounter(ctx);
    counter.asked(A, 'function', 'success');
    counter.asked(A, 'function', 'failure');
    counter.asked(B, 'function', 'offline');
    counter.asked(B, 'variable', 'success');
    counter.asked(ELSEWHERE, 'function', 'success');
    counter.asked(C, 'function', 'success');
    clock.advance(1);
    await changeDevice(store.db, C, { joined_product_at: clock.now() });
    await changeDevice(store.db, ELSEWHERE, { product_id: PRODUCT, joined_product_at: clock.now() });
    await counter.close();
    const [, functions] = await healthSeries(inProduct, 'functions', lasts);
    expect(functions?.counts).toEqual({ success: 1, failure: 1, offline: 1 });
    const [, variables] = await healthSeries(inProduct, 'variables', lasts);
    expect(variables?.counts).toEqual({ success: 1, failure: 0, offline: 0 });
  });

  it('of integrations have what no device did', async () => {
    const { ctx, inProduct } = await setUp(open);
    const counter = new HealthCounter(ctx);
    counter.attempt({ deviceId: A, productId: PRODUCT }, 'success');
    counter.attempt({ deviceId: null, productId: PRODUCT }, 'error');
    counter.attempt({ deviceId: null, productId: PRODUCT }, 'sleep');
    counter.attempt({ deviceId: A, productId: null }, 'sleep');
    await counter.close();
    const [, all] = await healthSeries(inProduct, 'integrations', lasts);
    expect(all?.counts).toEqual({ success: 1, failure: 1, sleep: 1 });
  });

  it('take no more memory than they may, and lose only themselves when the store refuses them', async () => {
    const { store, ctx, inProduct } = await setUp(open);
    const counter = new HealthCounter(ctx, 100);
    for (let number = 0; number < 1000; number++) counter.event({ deviceId: idOf(number), productId: PRODUCT });
    await counter.flush();
    const sum = async () =>
      (await healthSeries(inProduct, 'events', lasts)).reduce((total, { counts }) => total + (counts.received ?? 0), 0);
    expect(await sum()).toBe(1000);
    await store.db.schema.alterTable('health_counts').renameTo('away').execute();
    counter.event({ deviceId: A, productId: PRODUCT });
    await counter.flush();
    await store.db.schema.alterTable('away').renameTo('health_counts').execute();
    counter.event({ deviceId: A, productId: PRODUCT });
    await counter.close();
    expect(await sum()).toBe(1001);
  });

  it('are forgotten after a month, and sooner where there are too many', async () => {
    const { clock, store, ctx } = await setUp(open);
    const bucket = NOW - (NOW % QUARTER);
    const row = { product_id: PRODUCT, kind: 'events' as const, outcome: 'received', count: 1 };
    const ages = [days(32), days(31) + QUARTER, days(30), hours(2), hours(1), 0];
    await store.db
      .insertInto('health_counts')
      .values(ages.map((age) => ({ ...row, device_id: A, bucket: bucket - age })))
      .execute();
    const kept = async () => {
      const rows = await store.db.selectFrom('health_counts').select('bucket').orderBy('bucket').execute();
      return rows.map((one) => bucket - one.bucket);
    };
    await new CountPruner(ctx).close();
    expect(await kept()).toEqual([days(30), hours(2), hours(1), 0]);
    const pruner = new CountPruner(ctx, 2);
    await expect.poll(kept).toEqual([hours(1), 0]);
    await pruner.close();
    expect(clock.now()).toBe(NOW);
  });

  it.each([
    [{ start_date: 'yesterday' }, 'start_date must be a time'],
    [{ end_date: '2026-02-30T25:00' }, 'end_date must be a time'],
    [{ start_date: '2026-02-03', end_date: '2026-02-02' }, 'later'],
    [{ start_date: '2025-12-01' }, '31 days'],
    [{ bucket_size: 15 }, 'more than 15'],
    [{ bucket_size: 899 }, 'at least 900'],
    [{ bucket_size: 999_999_999 }, 'at most 31 days'],
    [{ device_os_version: '6.x' }, 'version'],
    [{ device_group: 'north', start_date: '2026-01-26' }, '7 days'],
  ])('refuse %j', async (asked, text) => {
    const { inProduct } = await setUp(open);
    await expect(healthSeries(inProduct, 'events', asked)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'invalid_request',
      message: expect.stringContaining(text),
    });
  });

  it('refuse ten thousand buckets', async () => {
    const { inProduct } = await setUp(open);
    const asked = { start_date: '2026-02-01T13:00:00Z', end_date: '2026-02-03T08:00:00Z', bucket_size: 16 };
    await expect(onlineSeries(inProduct, asked)).rejects.toMatchObject({ message: expect.stringContaining('3000') });
  });
});

describeStores('the presence of devices', (open) => {
  const change = (deviceId: DeviceId, at: number, online: boolean) => ({
    deviceId,
    at,
    online,
    reason: online ? null : 'silent',
  });

  it('is a series that says what a plain model says', async () => {
    const { store, inProduct } = await setUp(open);
    const start = NOW - hours(2);
    const step = fc.record({
      id: fc.constantFrom(A, B, ELSEWHERE),
      at: fc.integer({ min: -30, max: 130 }),
      online: fc.boolean(),
    });
    const size = fc.constantFrom(60, 900, 1000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        size,
        fc.integer({ min: -20, max: 100 }),
        async (steps, bucket, joined) => {
          await store.db.deleteFrom('device_presence').execute();
          const changes = steps.map(({ id, at, online }) => change(id, start + minutes(at), online));
          await addChanges(store.db, changes);
          await changeDevice(store.db, B, { joined_product_at: start + minutes(joined) });
          const asked = {
            start_date: new Date(start).toISOString(),
            end_date: new Date(NOW).toISOString(),
            bucket_size: bucket,
          };
          const isOnline = (id: DeviceId, time: number): boolean => {
            const before = changes.filter((one) => one.deviceId === id && one.at <= time);
            const last = Math.max(...before.map(({ at }) => at));
            return before.some(({ at, online }) => at === last && online);
          };
          const modelled = (time: number) =>
            Number(isOnline(A, time)) + Number(time >= start + minutes(joined) && isOnline(B, time));
          const series = await onlineSeries(inProduct, asked);
          expect(series.length).toBeGreaterThanOrEqual(Math.floor(hours(2) / seconds(bucket)));
          expect(series).toEqual(series.map(({ time }) => ({ time, count: modelled(time) })));
        },
      ),
      { numRuns: store.engine === 'sqlite' ? 60 : 25 },
    );
  }, 60_000);

  it('is noted when a device comes and goes, once each', async () => {
    const { clock, store, ctx } = await setUp(open);
    const writes = new DeviceWrites(store);
    const log = new PresenceLog({ ...ctx, writes });
    log.resumed([]);
    log.went(A, NOW, 'silent');
    log.came(A, NOW);
    log.came(B, NOW + 1);
    clock.advance(minutes(1));
    log.came(A, clock.now());
    log.went(A, clock.now(), 'goodbye');
    log.went(A, clock.now() + 1, 'silent');
    await log.close();
    await writes.settled();
    const rows = await store.db.selectFrom('device_presence').selectAll().orderBy('at').execute();
    expect(rows).toEqual([
      { device_id: A, at: NOW, online: 1, reason: null },
      { device_id: B, at: NOW + 1, online: 1, reason: null },
      { device_id: A, at: NOW + minutes(1), online: 0, reason: 'goodbye' },
    ]);
  });

  it('goes on through a restart for those who do, and ended for others when they were heard last', async () => {
    const { clock, store, ctx } = await setUp(open);
    await addChanges(store.db, [
      change(A, NOW - days(2), true),
      change(B, NOW - days(2), true),
      change(C, NOW - days(2), true),
      change(C, NOW - days(1), false),
    ]);
    await changeDevice(store.db, B, { last_heard: NOW - hours(1) });
    const writes = new DeviceWrites(store);
    const log = new PresenceLog({ ...ctx, writes });
    log.resumed([A]);
    clock.advance(seconds(5));
    log.came(A, clock.now());
    log.came(B, clock.now());
    await log.close();
    await writes.settled();
    const rows = await store.db
      .selectFrom('device_presence')
      .selectAll()
      .where('at', '>', NOW - days(1))
      .orderBy('at')
      .execute();
    expect(rows).toEqual([
      { device_id: B, at: NOW - hours(1), online: 0, reason: 'server_restarted' },
      { device_id: B, at: NOW + seconds(5), online: 1, reason: null },
    ]);
  });

  it('is given up for one write that fails, and noted again after it', async () => {
    const { store, ctx } = await setUp(open);
    const writes = new DeviceWrites(store);
    const log = new PresenceLog({ ...ctx, writes });
    await store.db.schema.alterTable('device_presence').renameTo('away').execute();
    log.came(A, NOW);
    await writes.settled();
    await store.db.schema.alterTable('away').renameTo('device_presence').execute();
    log.came(B, NOW);
    await writes.settled();
    expect(await store.db.selectFrom('device_presence').select('device_id').execute()).toEqual([{ device_id: B }]);
  });

  it('of a device is listed with how long it was online', async () => {
    const { store, ctx } = await setUp(open);
    const device = await findDevice(store.db, A);
    if (device === undefined) throw new Error('no device');
    const past = (since: number): DevicePast => ({ device, since });
    await addChanges(store.db, [
      change(A, NOW - hours(50), true),
      change(A, NOW - hours(20), false),
      change(A, NOW - hours(10), true),
      change(A, NOW - hours(4), false),
      change(A, NOW - hours(1), true),
      change(B, NOW - hours(9), true),
    ]);
    const ask = (asked: object, since = 0) => listPresence(ctx, past(since), { page: 1, perPage: 2, ...asked });
    const all = await ask({});
    expect(all).toMatchObject({ onlineFor: hours(30 + 6 + 1), totalPages: 3, end: NOW });
    expect(all.changes.map(({ at, online }) => [NOW - at, online])).toEqual([
      [hours(1), true],
      [hours(4), false],
    ]);
    expect((await ask({ page: 3 })).changes.map(({ at }) => NOW - at)).toEqual([hours(50)]);
    const from = (hoursAgo: number) => new Date(NOW - hours(hoursAgo)).toISOString();
    expect(await ask({ start_date: from(30), end_date: from(8) })).toMatchObject({
      onlineFor: hours(12),
      totalPages: 1,
    });
    expect(await ask({}, NOW - hours(12))).toMatchObject({
      onlineFor: hours(7),
      start: NOW - hours(12),
      totalPages: 2,
    });
    expect(await ask({ start_date: from(-1), end_date: from(-2) })).toMatchObject({ onlineFor: 0, totalPages: 0 });
    await expect(ask({ start_date: from(1), end_date: from(2) })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(ask({ start_date: '2020-01-01' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is kept for a month, with the state at its begin, and bounded for each device', async () => {
    const { store, ctx } = await setUp(open);
    await addChanges(store.db, [
      change(A, NOW - days(40), true),
      change(A, NOW - days(36), false),
      change(A, NOW - days(35), true),
      change(B, NOW - days(60), true),
      ...Array.from({ length: 25 }, (_, index) => change(C, NOW - minutes(index), index % 2 === 0)),
    ]);
    await new PresencePruner(ctx, 10).close();
    const rows = await store.db.selectFrom('device_presence').selectAll().orderBy('at').execute();
    expect(rows.filter((row) => row.device_id !== C).map((row) => [row.device_id, NOW - row.at])).toEqual([
      [B, days(60)],
      [A, days(35)],
    ]);
    expect(rows.filter((row) => row.device_id === C).map((row) => NOW - row.at)).toEqual(
      Array.from({ length: 10 }, (_, index) => minutes(9 - index)),
    );
  });
});
