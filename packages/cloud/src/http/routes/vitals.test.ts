import type { DeviceId } from '@cloudchamber/kernel';
import { days, minutes, seconds, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { everyRoute } from '../../../test/http/every-route.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { VitalsPruner } from '../../domain/vitals/index.ts';
import { saveVitals } from '../../domain/vitals/vitals-store.ts';
import type { TestUser } from '../test-server.ts';
import { addDevice } from './test-products.ts';

const NOW = Date.parse('2026-02-03T08:15:00.000Z');
const OWN = 'e00fce680000000000000001' as DeviceId;
const MEMBER = 'e00fce680000000000000002' as DeviceId;
const FOREIGN = 'e00fce680000000000000003' as DeviceId;
const UNKNOWN = 'e00fce68000000000000000f';

describeStores('the routes of vitals', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    clock.advance(NOW - clock.now());
    const commands = new FakeDeviceCommands();
    const { server, store } = await everyRoute({ store: await open({ clock }), clock, commands });
    const ann = await server.addUser('ann@example.net');
    const bob = await server.addUser('bob@example.net');
    const product = { description: '', platform_id: 32, settings: '{}', created_at: 1, updated_at: 1 };
    await store.db
      .insertInto('products')
      .values({ ...product, id: 1042, name: 'G', name_key: 'g', slug: 'g', owner_kind: 'user', owner_id: ann.id })
      .execute();
    await addDevice(store, OWN, ann.id);
    await addDevice(store, MEMBER, null);
    await addDevice(store, FOREIGN, bob.id);
    const outside = { product_id: null };
    await store.db.updateTable('devices').set(outside).where('id', 'in', [OWN, FOREIGN]).execute();
    const save = (id: DeviceId, at: number, payload: object = { device: { system: { uptime: 1 } } }) =>
      saveVitals(store.db, id, { at, payload: { ...payload } });
    const ask = (who: Pick<TestUser, 'headers'>, url: string, headers: object = {}) =>
      server.fastify.inject({ url: `/v1/${url}`, headers: { ...who.headers, ...headers } });
    const post = (who: Pick<TestUser, 'headers'>, url: string) =>
      server.fastify.inject({ method: 'POST', url: `/v1/${url}`, headers: who.headers });
    return { store, clock, commands, ann, bob, save, ask, post };
  }

  it('ask a device that is online and do not wait for it', async () => {
    const { commands, ann, post } = await setUp();
    const asked: [string, string][] = [];
    commands.describe = (id, part) => {
      asked.push([id, part]);
      return new Promise(() => {});
    };
    commands.online.add(OWN).add(MEMBER);
    for (const url of [
      `diagnostics/${OWN}/update`,
      'diagnostics/sensor/update',
      `products/g/diagnostics/${MEMBER}/update`,
    ]) {
      const reply = await post(ann, url);
      expect([reply.statusCode, reply.json()]).toEqual([202, { ok: true }]);
    }
    // The second request found the first under way.
    expect(asked).toEqual([
      [OWN, 'metrics'],
      [MEMBER, 'metrics'],
    ]);
  });

  it('tell that a device is offline as other commands do, and survive one that refuses', async () => {
    const { commands, ann, post } = await setUp();
    const offline = await post(ann, `diagnostics/${OWN}/update`);
    expect([offline.statusCode, offline.json()]).toEqual([
      408,
      { ok: false, error: 'timed out', error_description: 'timed out' },
    ]);
    commands.online.add(OWN);
    commands.silent.add(OWN);
    expect((await post(ann, `diagnostics/${OWN}/update`)).statusCode).toBe(202);
  });

  it('show the last record', async () => {
    const { ann, save, ask } = await setUp();
    const none = await ask(ann, `diagnostics/${OWN}/last`);
    expect([none.statusCode, none.json().ok]).toEqual([404, false]);
    await save(OWN, NOW - minutes(2));
    const payload = { device: { power: { source: 'VIN' } }, service: { device: { status: 'ok' } } };
    await save(OWN, NOW - minutes(1), payload);
    await save(MEMBER, NOW - minutes(3), payload);
    const diagnostics = { updated_at: '2026-02-03T08:14:00.000Z', deviceID: OWN, payload };
    expect((await ask(ann, `diagnostics/${OWN.toUpperCase()}/last`)).json()).toEqual({ diagnostics });
    expect((await ask(ann, `products/1042/diagnostics/${MEMBER}/last`)).json().diagnostics.deviceID).toBe(MEMBER);
    expect((await ask(ann, `diagnostics/${MEMBER}/last`)).json().diagnostics.deviceID).toBe(MEMBER);
  });

  it('list what is asked for, oldest first, page by page', async () => {
    const { ann, save, ask } = await setUp();
    for (const back of [5, 4, 3, 2, 1]) await save(OWN, NOW - days(back), { device: { back } });
    const backs = async (query: string) => {
      const { diagnostics, meta } = (await ask(ann, `diagnostics/${OWN}?${query}`)).json();
      return [diagnostics.map((record: { payload: { device: { back: number } } }) => record.payload.device.back), meta];
    };
    expect(await backs('')).toEqual([[5, 4, 3, 2, 1], { next_start_date: null }]);
    const range = 'start_date=2026-01-30T08:15:00Z&end_date=2026-02-01T08:15:00Z';
    expect(await backs(range)).toEqual([[4, 3], { next_start_date: null }]);
    const [first, { next_start_date: next }] = await backs('limit=2');
    expect([first, next]).toEqual([[5, 4], '2026-01-31T08:15:00.000Z']);
    expect(await backs(`limit=2&start_date=${next}`)).toEqual([
      [3, 2],
      { next_start_date: '2026-02-02T08:15:00.000Z' },
    ]);
  });

  it('keep one record of ten seconds, the newest', async () => {
    const { ann, save, ask } = await setUp();
    for (const [back, value] of [
      [seconds(15), 1],
      [seconds(14), 2],
      [seconds(9), 3],
      [seconds(1), 4],
    ] as const) {
      await save(OWN, NOW - back, { device: { value } });
    }
    const { diagnostics } = (await ask(ann, `diagnostics/${OWN}`)).json();
    expect(diagnostics.map((record: { payload: { device: object } }) => record.payload.device)).toEqual([
      { value: 2 },
      { value: 4 },
    ]);
  });

  it.each([
    ['start_date=yesterday', 'start_date and end_date must be ISO8601 formatted'],
    ['end_date=2026-13-01', 'start_date and end_date must be ISO8601 formatted'],
    ['end_date=%00', 'start_date and end_date must be ISO8601 formatted'],
    ['start_date=2025-12-31', 'more than 30 days ago'],
    ['start_date=0001-01-01&end_date=0002-01-01', 'more than 30 days ago'],
    ['start_date=2026-02-02&end_date=2026-02-01', 'start_date is later than end_date'],
  ])('refuse ?%s where clients look for it', async (query, text) => {
    const { ann, ask } = await setUp();
    for (const [path, headers] of [
      [`diagnostics/${OWN}`, {}],
      [`diagnostics/${OWN}`, { accept: 'text/csv' }],
      [`products/g/diagnostics/${MEMBER}`, {}],
      [`diagnostics/${OWN}/summary`, {}],
    ] as const) {
      const reply = await ask(ann, `${path}?${query}`, headers);
      const description = expect.stringContaining(text);
      expect([reply.statusCode, reply.json()]).toEqual([
        400,
        { error: 'bad_request', error_description: description, description },
      ]);
    }
  });

  it('write CSV that a spreadsheet takes for no formula, with what has no column beside', async () => {
    const { ann, save, ask } = await setUp();
    await save(OWN, NOW - minutes(2), {
      device: {
        network: { signal: { strengthv: -97, at: '=1+1' }, cellular: { operator: 'A, "B"' } },
        extra: [1, { a: 2 }],
      },
      mine: { deep: true },
    });
    await save(OWN, NOW - minutes(1), { device: { power: { battery: { charge: { err: -130 } } } } });
    const reply = await ask(ann, `diagnostics/${OWN}`, { accept: 'text/csv, */*' });
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    const [head = '', first = '', second = '', end] = reply.body.split('\r\n');
    expect(end).toBe('');
    const columns = head.split(',');
    expect(columns.slice(0, 2)).toEqual(['updated_at', 'deviceID']);
    expect(columns.at(-1)).toBe('other');
    expect(first).toContain(`2026-02-03T08:13:00.000Z,${OWN},`);
    expect(first).toContain(',"A, ""B""",');
    expect(first).toContain(",'=1+1,");
    expect(first).toContain(',-97,');
    expect(first.endsWith('"{""device"":{""extra"":[1,{""a"":2}]},""mine"":{""deep"":true}}"')).toBe(true);
    expect(second).toContain('"{""err"":-130}"');
  });

  it('write CSV of more records than one page has', async () => {
    const { store, ann, ask } = await setUp();
    const payload = JSON.stringify({ device: { system: { uptime: 7 } } });
    const rows = Array.from({ length: 1203 }, (_, index) => {
      const at = NOW - days(2) + index * seconds(10);
      return { device_id: OWN, slot: Math.floor(at / seconds(10)), at, payload };
    });
    for (let at = 0; at < rows.length; at += 200) {
      await store.db
        .insertInto('device_vitals')
        .values(rows.slice(at, at + 200))
        .execute();
    }
    const reply = await ask(ann, `diagnostics/${OWN}`, { accept: 'text/csv' });
    const lines = reply.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1204);
    expect(lines.filter((line) => line.startsWith('updated_at'))).toHaveLength(1);
    expect(new Set(lines).size).toBe(1204);
  });

  it('sum up the time in equal parts', async () => {
    const { ann, save, ask } = await setUp();
    const at = (hour: number) => Date.parse('2026-02-02T00:00:00Z') + hour * 3_600_000;
    const device = (used: number, strength: number, state = 'charging') => ({
      device: {
        network: { signal: { strength } },
        power: { battery: { state, charge: { err: -1 } } },
        system: { memory: { used, total: 1000 } },
      },
    });
    await save(OWN, at(1), device(100, 50));
    await save(OWN, at(2), device(200, 5));
    await save(OWN, at(3), device(950, 60, 'disconnected'));
    const query = 'start_date=2026-02-02T00:00:00Z&end_date=2026-02-02T12:00:00Z&limit=3';
    const summary = (await ask(ann, `diagnostics/${OWN}/summary?${query}`)).json();
    expect(summary).toMatchObject({
      deviceID: OWN,
      memoryAvailable: 1000,
      bucketSize: 4 * 3_600_000,
      startDate: '2026-02-02T00:00:00.000Z',
      endDate: '2026-02-02T12:00:00.000Z',
    });
    const [first, second, third] = summary.samples;
    expect(summary.samples).toHaveLength(3);
    expect(first).toEqual({
      timestamp: '2026-02-02T00:00:00.000Z',
      batteryCharging: false,
      batteryConnected: false,
      signalStrength: {
        max: 60,
        min: 5,
        avg: 38.33,
        med: 50,
        warnings: [{ timestamp: '2026-02-02T02:00:00.000Z', value: 5, range: { type: 'below', warning: 10 } }],
      },
      signalStrengthValue: null,
      signalQuality: null,
      roundTripTime: null,
      memoryUsed: {
        max: 950,
        min: 100,
        avg: 416.67,
        med: 200,
        warnings: [
          { timestamp: '2026-02-02T03:00:00.000Z', value: 950, range: expect.objectContaining({ ratio: 0.9 }) },
        ],
      },
      batteryCharge: null,
    });
    expect([second.signalStrength, third.timestamp]).toEqual([null, '2026-02-02T08:00:00.000Z']);
    expect((await ask(ann, `diagnostics/${OWN}/summary`)).json().samples).toHaveLength(30);
    expect((await ask(ann, `diagnostics/${OWN}/summary?limit=101`)).statusCode).toBe(400);
  });

  it('describe what the values mean', async () => {
    const { ann, ask } = await setUp();
    const own = await ask(ann, `diagnostics/${OWN}/metadata`);
    expect(own.json().diagnostics_metadata.device.system.memory.used).toMatchObject({
      type: 'number',
      ranges: { type: 'ratio_above', param2: 'device.system.memory.total' },
      describes: 'device.system.memory.used',
    });
    expect((await ask(ann, `products/g/diagnostics/${MEMBER}/metadata`)).json()).toEqual(own.json());
  });

  it('show nothing of a device to others, nor what it did before it was theirs', async () => {
    const { store, clock, ann, bob, save, ask, post } = await setUp();
    await save(OWN, NOW - days(1));
    for (const tail of ['', '/last', '/metadata', '/summary', '/presence']) {
      const foreign = await ask(bob, `diagnostics/${OWN}${tail}`);
      const unknown = await ask(bob, `diagnostics/${UNKNOWN}${tail}`);
      expect([foreign.statusCode, foreign.json()]).toEqual([403, unknown.json()]);
      const inProduct = await ask(ann, `products/g/diagnostics/${FOREIGN}${tail}`);
      expect([inProduct.statusCode, inProduct.json()]).toEqual([
        404,
        (await ask(ann, `products/g/diagnostics/${UNKNOWN}${tail}`)).json(),
      ]);
    }
    expect((await post(bob, `diagnostics/${OWN}/update`)).statusCode).toBe(403);

    const sold = { owner_id: bob.id, claimed_at: NOW - minutes(5) };
    await store.db.updateTable('devices').set(sold).where('id', '=', OWN).execute();
    expect((await ask(bob, `diagnostics/${OWN}/last`)).statusCode).toBe(404);
    expect((await ask(bob, `diagnostics/${OWN}`)).json().diagnostics).toEqual([]);
    await save(OWN, NOW - minutes(1));
    expect((await ask(bob, `diagnostics/${OWN}`)).json().diagnostics).toHaveLength(1);
    clock.advance(1);

    const joined = { product_id: 1042, joined_product_at: clock.now() };
    await store.db.updateTable('devices').set(joined).where('id', '=', OWN).execute();
    expect((await ask(ann, `products/g/diagnostics/${OWN}`)).json().diagnostics).toEqual([]);
    expect((await ask(ann, `diagnostics/${OWN}`)).json().diagnostics).toEqual([]);
  });

  it('are forgotten after a month', async () => {
    const { store, clock, ann, save, ask } = await setUp();
    await save(OWN, NOW - days(31) - minutes(1));
    await save(OWN, NOW - days(29));
    const pruner = new VitalsPruner({ store, clock, log: silentLogger });
    await pruner.close();
    const kept = await store.db.selectFrom('device_vitals').select('at').execute();
    expect(kept).toEqual([{ at: NOW - days(29) }]);
    expect((await ask(ann, `diagnostics/${OWN}`)).json().diagnostics).toHaveLength(1);
  });
});

describeStores('the routes of SIM cards', (open) => {
  it('have none', async () => {
    const { server } = await everyRoute({ store: await open() });
    const ann = await server.addUser('ann@example.net');
    const call = async (method: 'GET' | 'HEAD' | 'PUT' | 'DELETE', url: string) => {
      const { statusCode, body } = await server.fastify.inject({ method, url, headers: ann.headers });
      return [statusCode, body] as const;
    };
    expect(await call('GET', '/v1/sims')).toEqual([200, '{"sims":[],"meta":{"total_pages":0}}']);
    for (const path of ['', '/status', '/data_usage']) {
      const [status, body] = await call('GET', `/v1/sims/8934076500002580001${path}`);
      expect([status, JSON.parse(body).error]).toEqual([404, 'sim_not_found']);
    }
    expect((await call('PUT', '/v1/sims/8934076500002580001'))[0]).toBe(404);
    expect((await call('DELETE', '/v1/sims/8934076500002580001'))[0]).toBe(404);
    expect(await call('HEAD', '/v1/sims/8934076500002580001')).toEqual([404, '']);
  });
});
