import { hours, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { insertDevice } from '../../domain/devices/device-store.ts';
import { insertVersion } from '../../domain/releases/firmware-version-store.ts';
import { versionRow } from '../../domain/releases/version-row.ts';
import { RolloutRunner } from '../../domain/rollouts/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { rolloutRouteModule } from './rollouts.ts';

const idOf = (number: number) => `e00fce68${String(number).padStart(16, '0')}`;

describeStores('rollout routes', (open) => {
  let clock: VirtualClock;
  let store: Store;
  let test: TestServer;
  let runner: RolloutRunner;
  let ann: TestUser;
  let bob: TestUser;
  let product: number;
  let url: string;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    test = await testServer(store, { clock, bus, routes: () => [rolloutRouteModule({ bus })] });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    const row = { name: 'pump', name_key: 'pump', slug: 'pump-v1', description: '', platform_id: 32, settings: '{}' };
    const owned = { owner_kind: 'user' as const, owner_id: ann.id, created_at: 0, updated_at: 0 };
    const insert = store.db.insertInto('products').values({ ...row, ...owned });
    product = (await insert.returning('id').executeTakeFirstOrThrow()).id;
    url = `/v1/products/${product}/rollouts`;
    for (const version of [6, 7]) await insertVersion(store.db, versionRow(product, version));
    for (const number of [1, 2, 3, 4]) {
      const id = idOf(number) as Parameters<typeof insertDevice>[1]['id'];
      await insertDevice(store.db, { id, name: 'a', platformId: 32, publicKey: null, ownerId: null, at: 0 });
    }
    const member = { product_id: product, firmware_product_id: product, firmware_version: 6 };
    await store.db.updateTable('devices').set(member).execute();
    runner = await RolloutRunner.open({
      store,
      bus,
      clock,
      log: silentLogger,
      commands: { isOnline: () => false },
      updates: { onEnded: () => () => undefined, progressOf: () => undefined },
    });
  });
  afterEach(async () => {
    await runner.close();
    await test.fastify.close();
  });

  const call = async (method: 'GET' | 'POST' | 'PUT', path = '', body?: unknown, user = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const request = { method, url: url + path, headers: user.headers, ...(payload && { payload }) };
    const reply = await test.fastify.inject(request);
    for (let round = 0; round < 2; round++) {
      await clock.settle();
      await runner.settled();
    }
    return { status: reply.statusCode, body: reply.json() };
  };
  const create = async (body: object = {}): Promise<string> => {
    const reply = await call('POST', '', { version: 7, product_default: true, ...body });
    expect([reply.status, reply.body.error]).toEqual([201, undefined]);
    return reply.body.rollout.id;
  };

  it('makes one, shows its steps, its devices and its timeline', async () => {
    const made = await call('POST', '', { version: '7', product_default: 'true', steps: [{ percent: 50 }] });
    const { id } = made.body.rollout;
    const none = { offered: 0, succeeded: 0, failed: 0, left: 0 };
    const plan = { pause_minutes: 60, failure_threshold_percent: 2, deadline_minutes: 1440, immediate: false };
    const at = new Date(clock.now()).toISOString();
    expect(made).toEqual({
      status: 201,
      body: {
        rollout: {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          version: 7,
          product_default: true,
          groups: [],
          state: 'running',
          message: null,
          step: 1,
          next_at: null,
          ...plan,
          ...none,
          percent: 0,
          passed_over: null,
          steps: [{ percent: 50, state: 'choosing', ...none, percent_decided: 0 }],
          created_by: 'ann@example.net',
          created_at: at,
          updated_at: at,
          ended_at: null,
        },
      },
    });
    const { body } = await call('GET', `/${id}`);
    expect(body.rollout).toMatchObject({
      offered: 2,
      passed_over: { development: 0, locked: 0, other_release: 0 },
      steps: [{ state: 'running', offered: 2 }],
    });
    expect((await call('GET')).body).toEqual({ rollouts: [body.rollout], meta: { next: null } });
    const first = (await call('GET', `/${id}/devices?limit=1`)).body;
    const second = (await call('GET', `/${id}/devices?limit=1&cursor=${first.meta.next}`)).body;
    expect([first.devices.length, second.devices.length, second.meta.next]).toEqual([1, 1, null]);
    expect(first.devices[0]).toMatchObject({ state: 'offered', step: 1, from_version: 6, failures: 0, offered_at: at });
    expect(second.devices[0].id > first.devices[0].id).toBe(true);
    expect((await call('GET', `/${id}/devices?state=failed`)).body.devices).toEqual([]);
    const { entries } = (await call('GET', `/${id}/timeline`)).body;
    expect(entries).toMatchObject([
      { id: 1, kind: 'created', actor: 'ann@example.net', step: 1, state: 'running', offered: 0, at },
      { id: 2, kind: 'offered', actor: 'system', offered: 2 },
    ]);
    const page = (await call('GET', `/${id}/timeline?limit=1`)).body;
    expect(page.meta).toEqual({ next: '1' });
    expect((await call('GET', `/${id}/timeline?cursor=1`)).body.entries).toEqual(entries.slice(1));
  });

  it('lists page by page, newest first', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 3; number++) {
      ids.push(await create());
      await call('PUT', `/${ids[number]}`, { action: 'abort' });
      clock.advance(number);
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await call('GET', `?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.rollouts.map(({ id }: { id: string }) => id));
      cursor = body.meta.next;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(seen[0]).toBe(ids[2]);
  });

  it('is paused, resumed, and rolled back with a word about the devices', async () => {
    const id = await create();
    expect(await call('PUT', `/${id}`, { action: 'pause' })).toMatchObject({
      status: 200,
      body: { rollout: { state: 'paused', message: 'Paused by ann@example.net' } },
    });
    expect((await call('PUT', `/${id}`, { action: 'resume' })).body.rollout.state).toBe('running');
    clock.advance(hours(1));
    const [device] = (await call('GET', `/${id}/devices`)).body.devices;
    await store.db.updateTable('devices').set({ firmware_version: 7 }).where('id', '=', device.id).execute();
    await runner.noteRan(device.id, product, 7);
    await call('GET', `/${id}`);
    const shown = (await call('GET', `/${id}`)).body.rollout;
    expect(shown).toMatchObject({ state: 'waiting', succeeded: 1, percent: 100 });
    expect(shown.next_at).toBe(new Date(clock.now() + hours(1)).toISOString());
    const { status, body } = await call('PUT', `/${id}`, { action: 'rollback', to: 6, immediate: true });
    expect(status).toBe(200);
    expect(body.rollout).toMatchObject({
      state: 'rolled_back',
      message: 'Rolled back to version 6 by ann@example.net',
    });
    expect(body.taken_back).toMatchObject({ devices: 1, back_to: [{ version: 6, devices: 1 }], staying: 0 });
    expect(body.taken_back.text).toMatch(/parts of Device OS .* never go back/);
    expect(body.rollout.ended_at).toBe(new Date(clock.now()).toISOString());
  });

  it('refuses what is not valid, naming the field, and nothing is left of it', async () => {
    const refused = (status: number, error: string | RegExp) => ({
      status,
      body: { ok: false, error: expect.stringMatching(error), error_description: expect.stringMatching(error) },
    });
    const all = { version: 7, product_default: true };
    expect(await call('POST', '', { ...all, version: 0 })).toEqual(refused(400, /^version: /));
    expect(await call('POST', '', { version: 7 })).toEqual(refused(400, /^groups: /));
    expect(await call('POST', '', { ...all, steps: [{ percent: 5 }, { percent: 5 }] })).toEqual(
      refused(400, /^steps\.1\.percent: must be more than 5/),
    );
    expect(await call('POST', '', { ...all, groups: ['nobody'] })).toEqual(refused(400, /^groups: .*nobody$/));
    expect(await call('POST', '', { ...all, version: 8 })).toEqual(refused(404, /no firmware version 8/));
    const parsed = await call('POST', '', { ...all, steps: 'all' });
    expect([parsed.status, parsed.body.error_description]).toEqual([400, expect.stringMatching(/^body\.steps: /)]);
    expect((await call('GET')).body.rollouts).toEqual([]);
    const id = await create();
    expect(await call('POST', '', all)).toEqual(refused(409, /has a rollout that is running/));
    expect(await call('PUT', `/${id}`, { action: 'resume' })).toEqual(
      refused(409, /only one that is paused or halted/),
    );
    expect(await call('PUT', `/${id}`, { action: 'pause', to: 6 })).toEqual(refused(400, /^to: /));
    expect(await call('PUT', `/${id}`, { action: 'abort', immediate: true })).toEqual(refused(400, /^immediate: /));
    expect(await call('PUT', `/${id}`, { action: 'rollback', to: 7 })).toEqual(refused(400, /^to: /));
    expect((await call('PUT', `/${id}`, { action: 'stop' })).status).toBe(400);
    for (const path of ['', `/${id}/devices`, `/${id}/timeline`]) {
      expect(await call('GET', `${path}?cursor=nonsense`)).toEqual(refused(400, /^cursor: /));
    }
    expect(await call('GET', '/000000000000000000000000')).toEqual(refused(404, 'Rollout not found'));
    expect((await call('GET', `/${id}`)).body.rollout.state).toBe('running');
  });

  it('keeps strangers out', async () => {
    const id = await create();
    for (const [method, path, body] of [
      ['GET', ''],
      ['POST', '', { version: 7, product_default: true }],
      ['GET', `/${id}`],
      ['PUT', `/${id}`, { action: 'abort' }],
      ['GET', `/${id}/devices`],
      ['GET', `/${id}/timeline`],
    ] as const) {
      expect((await call(method, path, body, bob)).status).toBe(403);
    }
  });
});
