import { type DeviceId, days, hours, minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { everyRoute } from '../../../test/http/every-route.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { HealthCounter } from '../../domain/health/index.ts';
import { addChanges } from '../../domain/health/presence-store.ts';
import type { TestUser } from '../test-server.ts';
import { addDevice } from './test-products.ts';

const NOW = Date.parse('2026-02-03T08:20:00.000Z');
const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const OWN = 'e00fce680000000000000003' as DeviceId;
const KINDS = ['online', 'events', 'integration', 'integrations', 'functions', 'variables'];

describeStores('the routes of fleet health', (open) => {
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
    for (const id of [A, B]) await addDevice(store, id, null);
    await addDevice(store, OWN, ann.id);
    await store.db.updateTable('devices').set({ product_id: null }).where('id', '=', OWN).execute();
    const ask = async (who: Pick<TestUser, 'headers'>, url: string) => {
      const reply = await server.fastify.inject({ url: `/v1/${url}`, headers: who.headers });
      return [reply.statusCode, reply.json()] as const;
    };
    return { server, store, clock, commands, ann, bob, ask };
  }

  it('count by buckets of 15 minutes over the last day when nothing is said', async () => {
    const { server, store, ann, ask } = await setUp();
    const counter = new HealthCounter(server.ambient);
    counter.event({ deviceId: A, productId: 1042 });
    counter.asked(A, 'function', 'offline');
    counter.asked(B, 'variable', 'success');
    counter.attempt({ deviceId: A, productId: 1042 }, 'sleep');
    await counter.close();
    await addChanges(store.db, [{ deviceId: A, at: NOW - hours(1), online: true, reason: null }]);
    const time = '2026-02-03T08:15:00.000Z';
    const last = async (kind: string, name = kind) => {
      const [status, body] = await ask(ann, `products/g/metrics/${kind}`);
      expect([status, Object.keys(body)]).toEqual([200, [name]]);
      expect(body[name]).toHaveLength(97);
      return body[name].at(-1);
    };
    expect(await last('online')).toEqual({ time, count: 1 });
    expect(await last('events')).toEqual({ time, received: 1 });
    expect(await last('functions')).toEqual({ time, success: 0, failure: 0, offline: 1 });
    expect(await last('variables')).toEqual({ time, success: 1, failure: 0, offline: 0 });
    for (const kind of ['integration', 'integrations']) {
      expect(await last(kind, 'integrations')).toEqual({ time, success: 0, failure: 0, sleep: 1 });
    }
  });

  it.each([
    'start_date=tomorrow',
    'start_date=2026-02-03&end_date=2026-02-02',
    'start_date=2025-01-01',
    'bucket_size=15',
    'bucket_size=1e3',
    'bucket_size=-900',
    'bucket_size=16&start_date=2026-02-01T10:00:00Z',
    'product_fw=7.1',
    'device_os_version=latest',
    `device_group=${'a'.repeat(65)}`,
  ])('refuse ?%s', async (query) => {
    const { ann, ask } = await setUp();
    for (const kind of ['online', 'events']) {
      const [status, body] = await ask(ann, `products/g/metrics/${kind}?${query}`);
      expect([status, body.error]).toEqual([400, 'invalid_request']);
    }
  });

  it('refuse shorter quarters than are kept, but count who is online finer', async () => {
    const { ann, ask } = await setUp();
    const query = 'bucket_size=60&start_date=2026-02-03T08:00:00Z';
    expect((await ask(ann, `products/g/metrics/events?${query}`))[1].error_description).toContain('at least 900');
    expect((await ask(ann, `products/g/metrics/online?${query}`))[1].online).toHaveLength(20);
  });

  it('show nothing of a product to others', async () => {
    const { bob, ask } = await setUp();
    for (const path of [...KINDS.map((kind) => `metrics/${kind}`), 'fleet']) {
      const [status, body] = await ask(bob, `products/1042/${path}`);
      expect(status).toBeGreaterThanOrEqual(403);
      expect([status, body]).toEqual(await ask(bob, `products/4711/${path}`));
    }
  });

  it('say how a fleet is (PRD-24)', async () => {
    const { store, commands, ann, bob, ask } = await setUp();
    const person = { product_id: 1042, full_name: null, password_hash: null, user_id: null, created_at: 1 };
    const [active, idle] = ['aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbb'] as const;
    await store.db
      .insertInto('customers')
      .values([
        { ...person, id: active, username: 'active@example.net' },
        { ...person, id: idle, username: 'idle@example.net' },
      ])
      .execute();
    const heard = { owner_id: active, last_heard: NOW - days(29) };
    await store.db.updateTable('devices').set(heard).where('id', '=', A).execute();
    const silent = { owner_id: idle, last_heard: NOW - days(31), firmware_product_id: 1043 };
    await store.db.updateTable('devices').set(silent).where('id', '=', B).execute();
    const member = { team_kind: 'product' as const, team_id: '1042', user_id: bob.id, role: 'View-only' };
    const accepted = { state: 'accepted' as const, invited_by: null, created_at: 1, accepted_at: 1 };
    await store.db
      .insertInto('team_members')
      .values({ ...member, ...accepted })
      .execute();
    await store.db
      .updateTable('devices')
      .set({ firmware_product_id: 1042, firmware_version: 7, development: 1, safe_mode: 1 })
      .where('id', '=', A)
      .execute();
    await store.db
      .insertInto('quarantined_devices')
      .values([
        { product_id: 1042, device_id: OWN, denied: 0, created_at: 1 },
        { product_id: 1042, device_id: B, denied: 1, created_at: 1 },
      ])
      .execute();
    commands.online.add(A).add(OWN);
    expect(await ask(ann, 'products/g/fleet')).toEqual([
      200,
      {
        devices: { total: 2, online: 1, development: 1, safe_mode: 1, quarantined: 1, denied: 1 },
        versions: expect.arrayContaining([
          { version: 7, count: 1 },
          { version: null, count: 1 },
        ]),
        customers: { total: 2, active: 1 },
        team: { members: 2 },
      },
    ]);
  });

  it('list when a device came and went', async () => {
    const { store, ann, bob, ask } = await setUp();
    for (const deviceId of [A, OWN]) {
      await addChanges(store.db, [
        { deviceId, at: NOW - hours(2), online: true, reason: null },
        { deviceId, at: NOW - minutes(30), online: false, reason: 'silent' },
      ]);
    }
    const shown = {
      start_date: '2026-01-04T08:20:00.000Z',
      end_date: '2026-02-03T08:20:00.000Z',
      online_seconds: 5400,
      presence: [
        { at: '2026-02-03T07:50:00.000Z', online: false, reason: 'silent' },
        { at: '2026-02-03T06:20:00.000Z', online: true, reason: null },
      ],
      meta: { total_pages: 1 },
    };
    expect(await ask(ann, `diagnostics/${OWN}/presence`)).toEqual([200, { deviceID: OWN, ...shown }]);
    expect(await ask(ann, `diagnostics/${A}/presence`)).toEqual([200, { deviceID: A, ...shown }]);
    expect(await ask(ann, `products/g/diagnostics/${A}/presence`)).toEqual([200, { deviceID: A, ...shown }]);
    const [, second] = await ask(ann, `diagnostics/${OWN}/presence?per_page=1&page=2`);
    expect([second.presence, second.meta]).toEqual([shown.presence.slice(1), { total_pages: 2 }]);
    expect((await ask(bob, `diagnostics/${OWN}/presence`))[0]).toBe(403);
    expect((await ask(ann, `products/g/diagnostics/${OWN}/presence`))[0]).toBe(404);
    for (const query of ['start_date=x', 'start_date=2026-02-03&end_date=2026-02-02', 'page=0', 'per_page=1001']) {
      expect((await ask(ann, `diagnostics/${OWN}/presence?${query}`))[0]).toBe(400);
    }
  });
});
