import { randomInt } from 'node:crypto';
import { hours, minutes, seconds, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, type OpenStore, VirtualClock } from '@cloudchamber/testkit';
import { expect, it, onTestFailed } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { NewEvent, Store, StoredEvent } from '../../store/index.ts';
import { liveEvents } from '../events/index.ts';
import { DeliveryBacklog } from './delivery-backlog.ts';
import { makeDue } from './delivery-store.ts';
import type { CallOutcome } from './delivery-target.ts';
import { dueDeliveries } from './delivery-topics.ts';
import { DeliveryWorker, SLEEPING } from './delivery-worker.ts';
import { FakeTargets, failure, OK } from './fake-targets.ts';

/** In the middle of the range, so that jitter changes nothing. */
const EVEN = { ...seededEntropy(1), fraction: () => 0.5 };
const DEVICE = 'd'.repeat(24);

interface World {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly bus: InProcessBus;
  readonly targets: FakeTargets;
  readonly backlog: DeliveryBacklog;
  readonly worker: DeliveryWorker;
  publish(name: string, deliveries: readonly string[], more?: Partial<NewEvent>): Promise<StoredEvent>;
  /** Moves time until it is so. */
  until(what: () => unknown, step?: number): Promise<void>;
  /** Lets everything happen that needs no time. */
  rest(): Promise<void>;
}

async function setUp(open: OpenStore, most?: number): Promise<World> {
  const clock = new VirtualClock();
  const store = await open();
  const bus = new InProcessBus(silentLogger);
  const targets = new FakeTargets();
  const backlog = new DeliveryBacklog(most);
  const worker = newWorker({ store, clock, bus, targets, backlog });
  return {
    store,
    clock,
    bus,
    targets,
    backlog,
    worker,
    async publish(name, deliveries, more) {
      const stored = await store.events.append({ ...eventOf(name, clock.now()), ...more, deliveries });
      bus.publish(liveEvents, stored);
      return stored;
    },
    async until(what, step = 0) {
      await expect
        .poll(
          async () => {
            await clock.elapse(step);
            return Boolean(await what());
          },
          { timeout: 30_000, interval: 1 },
        )
        .toBe(true);
    },
    rest: async () => settle(store, clock),
  };
}

/** Two rounds of a query behind everything that is under way. */
async function settle(store: Store, clock: VirtualClock): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await clock.settle();
    await store.db.selectFrom('deliveries').select('id').limit(1).execute();
    await new Promise((resolve) => setTimeout(resolve, 4));
    await clock.settle();
  }
}

/** A store that stops taking anything at once, as for a process that dies; what was on its way may arrive or not. */
function mortalStore(store: Store): { readonly store: Store; kill(): void } {
  let alive = true;
  const die = () => Promise.reject(new Error('this process is dead'));
  const mortal: Store = {
    ...store,
    get db() {
      if (!alive) throw new Error('this process is dead');
      return store.db;
    },
    events: {
      append: (event) => (alive ? store.events.append(event) : die()),
      read: (query) => store.events.read(query),
    },
  };
  return {
    store: mortal,
    kill() {
      alive = false;
    },
  };
}

function newWorker(parts: Pick<World, 'store' | 'clock' | 'bus' | 'targets' | 'backlog'>): DeliveryWorker {
  return new DeliveryWorker({ ...parts, entropy: EVEN, log: silentLogger });
}

const eventOf = (name: string, publishedAt: number): NewEvent => ({
  ownerId: 'ann',
  productId: 7,
  deviceId: DEVICE,
  publisher: DEVICE,
  name,
  data: Buffer.from('21.6'),
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt,
});

const rowsOf = ({ store }: Pick<World, 'store'>) =>
  store.db.selectFrom('deliveries').selectAll().orderBy('id').execute();

/** Hook events of the log, as `name data owner product`. */
async function hooksOf({ store }: Pick<World, 'store'>): Promise<string[]> {
  const events = await store.events.read({ namePrefix: 'hook-', limit: 10_000 });
  return events.map(({ name, data, ownerId, productId, publisher, deviceId }) => {
    expect([publisher, deviceId]).toEqual(['particle-internal', null]);
    return [name, Buffer.from(data ?? []).toString(), ownerId, productId].join(' ');
  });
}
const countersOf = async ({ store }: Pick<World, 'store'>) =>
  (await store.db.selectFrom('integration_counters').selectAll().execute()).map(({ success, error, sleep }) => ({
    success,
    error,
    sleep,
  }));

async function addIntegrationRow(store: Store, id: string): Promise<void> {
  const row = { id, owner_kind: 'user', owner_id: 'ann', integration_type: 'Webhook', event: 'e', name: 'n' } as const;
  const more = { device_id: null, settings: '{}', secrets: Buffer.from('x'), mode: 'durable', disabled: 0 } as const;
  await store.db
    .insertInto('integrations')
    .values({ ...row, ...more, created_at: 0, updated_at: 0 })
    .execute();
}

describeStores('DeliveryWorker', (open) => {
  it('delivers what an event owes, tells of it, counts it, and leaves no row', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until, store } = world;
    await addIntegrationRow(store, 'one');
    const response = { name: 'hook-response/weather/0', data: Buffer.from('thanks'), contentFormat: 0 };
    targets.add({ id: 'one', answer: () => ({ ...OK, events: [response], responseText: 'HTTP/1.1 200 OK' }) });
    targets.add({ id: 'two', owner: { kind: 'product', id: '7' }, answer: () => OK });
    const event = await publish('weather', ['one', 'two']);
    await until(async () => (await rowsOf(world)).length === 0);
    expect(targets.delivered).toEqual(
      new Map([
        ['one', [event.sequence]],
        ['two', [event.sequence]],
      ]),
    );
    expect((await hooksOf(world)).toSorted()).toEqual([
      'hook-response/weather/0 thanks ann ',
      'hook-sent/weather undefined ann ',
      'hook-sent/weather undefined ann 7',
    ]);
    await until(async () => (await countersOf(world)).length === 1);
    expect(await countersOf(world)).toEqual([{ success: 1, error: 0, sleep: 0 }]);
    const [log] = await store.db.selectFrom('integration_logs').selectAll().execute();
    expect(log).toMatchObject({
      integration_id: 'one',
      kind: 'success',
      request: 'POST / HTTP/1.1',
      response: 'HTTP/1.1 200 OK',
    });
    expect(JSON.parse(log?.event ?? '')).toMatchObject({ name: 'weather', data: '21.6', coreid: DEVICE });
    await worker.close();
  });

  it("tells of a product's attempts to whoever counts them, and of none of an account's own", async () => {
    const world = await setUp(open);
    const { targets, publish, until } = world;
    await world.worker.close();
    const told: unknown[] = [];
    const health = { attempt: (...attempt: unknown[]) => void told.push(attempt) };
    const worker = new DeliveryWorker({ ...world, entropy: EVEN, log: silentLogger, health });
    await worker.start();
    targets.add({ id: 'account', answer: () => OK });
    targets.add({ id: 'product', owner: { kind: 'product', id: '7' }, answer: () => OK });
    targets.add({ id: 'company', owner: { kind: 'organization', id: 'acme' }, answer: () => failure(404) });
    await publish('weather', ['account', 'product', 'company']);
    await until(() => told.length === 2 && targets.delivered.has('account'));
    await worker.close();
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        [{ deviceId: DEVICE, productId: 7 }, 'success'],
        [{ deviceId: DEVICE, productId: 7 }, 'error'],
      ]),
    );
  });

  it('takes up what an earlier process left', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until } = world;
    targets.add({ id: 'one', answer: () => OK });
    await worker.close();
    for (let n = 0; n < 100; n++) await publish('weather', ['one']);
    const next = newWorker(world);
    await next.start();
    await until(async () => (await rowsOf(world)).length === 0);
    expect(targets.delivered.get('one')).toHaveLength(100);
    await next.close();
  });

  it('attempts a compatible delivery after 0, 30 and 60 s more, tells of each failure, and keeps it as failed', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until, clock } = world;
    await addIntegrationRow(world.store, 'one');
    const at: number[] = [];
    const begin = clock.now();
    targets.add({
      id: 'one',
      mode: 'compatible',
      answer: () => {
        at.push(clock.now() - begin);
        return failure(404, { retryAfterMs: hours(5) });
      },
    });
    await publish('weather', ['one']);
    for (const [attempts, wait] of [seconds(30), seconds(60)].entries()) {
      await until(async () => (await rowsOf(world))[0]?.attempts === attempts + 1);
      await world.rest();
      await clock.elapse(wait - 1);
      await world.rest();
      expect(at).toHaveLength(attempts + 1);
      await clock.elapse(1);
    }
    await until(async () => (await rowsOf(world))[0]?.due_at === null);
    expect(at).toEqual([0, seconds(30), seconds(90)]);
    expect(await rowsOf(world)).toMatchObject([{ attempts: 3, last_error: 'error status 404 from host.example' }]);
    const error = 'hook-error/weather/0 error status 404 from host.example ann ';
    expect(await hooksOf(world)).toEqual(['hook-sent/weather undefined ann ', error, error, error]);
    expect(await countersOf(world)).toEqual([{ success: 0, error: 3, sleep: 0 }]);
    await worker.close();
  });

  it('tells of a durable failure once, when it is given up, and honours 410 and Retry-After', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until } = world;
    const answers = [failure(503, { retryAfterMs: minutes(10) }), failure(500), failure(410, { again: 'never' })];
    targets.add({ id: 'one', answer: () => answers.shift() ?? OK });
    const event = await publish('weather', ['one']);
    await until(async () => (await rowsOf(world))[0]?.attempts === 1);
    expect(await rowsOf(world)).toMatchObject([{ due_at: event.publishedAt + minutes(10), attempts: 1 }]);
    await until(async () => (await rowsOf(world))[0]?.due_at === null, seconds(10));
    expect(targets.attempts.get('one')).toHaveLength(3);
    expect(await hooksOf(world)).toEqual([
      'hook-sent/weather undefined ann ',
      'hook-error/weather/0 error status 410 from host.example ann ',
    ]);
    await worker.close();
  });

  it('keeps as failed at once what no request can be made of, and what the log has no more', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until, store } = world;
    targets.add({ id: 'one', answer: () => OK });
    await store.db
      .insertInto('deliveries')
      .values({ integration_id: 'one', event_sequence: 999_999, created_at: 0, due_at: 0 })
      .execute();
    await publish('unmakeable', ['one']);
    await until(async () => (await rowsOf(world)).every(({ due_at: dueAt }) => dueAt === null));
    const errors = (await rowsOf(world)).map(({ last_error: error }) => error);
    expect(errors).toEqual(['The event log has this event no longer', 'No such address']);
    expect(await hooksOf(world)).toEqual(['hook-error/unmakeable/0 No such address ann ']);
    await worker.close();
  });

  it('forgets what is owed to an integration that is gone, and holds what is owed to one that is off', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until } = world;
    targets.add({ id: 'off', disabled: true, answer: () => OK });
    await publish('weather', ['gone', 'off']);
    await publish('weather', ['gone', 'off']);
    await until(async () => (await rowsOf(world)).length === 2);
    expect(targets.attempts.size).toBe(0);
    targets.add({ id: 'off', answer: () => OK });
    await until(async () => (await rowsOf(world)).length === 0, seconds(10));
    expect(targets.delivered.get('off')).toHaveLength(2);
    await worker.close();
  });

  it('is not held up by a dead host with 10,000 waiting deliveries', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until, store, clock, bus } = world;
    const never = Promise.withResolvers<Partial<CallOutcome>>();
    const owner = { kind: 'user', id: 'eve' } as const;
    for (const id of ['dead1', 'dead2', 'dead3']) {
      targets.add({ id, owner, host: `${id}.example`, answer: () => never.promise });
    }
    targets.add({ id: 'good', host: 'good.example', answer: () => OK });
    const dead = await store.events.append(eventOf('weather', clock.now()));
    const row = { event_sequence: dead.sequence, created_at: clock.now(), due_at: clock.now() };
    for (let at = 0; at < 10_000; at += 1000) {
      const rows = Array.from({ length: 1000 }, (_, n) => ({ ...row, integration_id: `dead${(n % 3) + 1}` }));
      await store.db.insertInto('deliveries').values(rows).execute();
    }
    await worker.start();
    await until(() => (targets.underWay.get('dead1.example') ?? 0) > 0);
    const events = Array.from({ length: 500 }, () => publish('weather', ['good']));
    await Promise.all(events);
    // Time stands still: nothing of the dead hosts ends.
    await until(() => targets.delivered.get('good')?.length === 500);
    const held = [...targets.underWay].filter(([host]) => host.startsWith('dead')).map(([, count]) => count);
    expect(Math.max(...held)).toBeLessThanOrEqual(12);
    expect(held.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(32);
    void bus;
    const closing = worker.close();
    await clock.elapse(seconds(3));
    await closing;
    never.resolve(failure(500));
    await world.rest();
    // What was aborted is still owed.
    const left = await store.db
      .selectFrom('deliveries')
      .select((is) => is.fn.countAll().as('n'))
      .executeTakeFirst();
    expect(Number(left?.n)).toBe(10_000);
  });

  it('spares a host that fails: durable deliveries wait and lose no attempt, then all arrive', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until } = world;
    await addIntegrationRow(world.store, 'one');
    let up = false;
    targets.add({ id: 'one', answer: () => (up ? OK : failure(500)) });
    for (let n = 0; n < 200; n++) await publish('weather', ['one']);
    await until(async () => worker.counts.get('asleep') !== undefined, seconds(1));
    const soFar = targets.attempts.get('one')?.length ?? 0;
    expect(soFar).toBeLessThan(100);
    expect((await countersOf(world))[0]?.sleep).toBeGreaterThan(0);
    up = true;
    await until(async () => (await rowsOf(world)).length === 0, seconds(5));
    expect(new Set(targets.delivered.get('one')).size).toBe(200);
    expect((await hooksOf(world)).filter((hook) => hook.startsWith('hook-error'))).toEqual([]);
    await worker.close();
  });

  it('tells of each compatible delivery that it skips, in the documented words', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until } = world;
    targets.add({ id: 'one', mode: 'compatible', answer: () => failure(500) });
    for (let n = 0; n < 40; n++) await publish('weather', ['one']);
    await until(async () => (await rowsOf(world)).every(({ due_at: dueAt }) => dueAt === null), seconds(5));
    const hooks = await hooksOf(world);
    const skipped = hooks.filter((hook) => hook.includes(SLEEPING)).length;
    const tried = hooks.filter((hook) => hook.includes('error status 500')).length;
    expect(skipped).toBeGreaterThan(20);
    expect(tried).toBe(targets.attempts.get('one')?.length);
    expect(skipped + tried).toBe(120);
    await worker.close();
  });

  it('throttles nobody for what another account did to the same host', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until } = world;
    targets.add({ id: 'eve', owner: { kind: 'user', id: 'eve' }, answer: () => failure(404) });
    targets.add({ id: 'ann', owner: { kind: 'user', id: 'ann' }, answer: () => OK });
    for (let n = 0; n < 100; n++) await publish('weather', ['eve']);
    await until(() => worker.counts.get('asleep') !== undefined);
    for (let n = 0; n < 50; n++) await publish('weather', ['ann']);
    // Time stands still.
    await until(() => targets.delivered.get('ann')?.length === 50);
    await worker.close();
  });

  it('keeps no more than the last ten logs of each kind', async () => {
    const world = await setUp(open);
    const { targets, worker, publish, until, store } = world;
    await addIntegrationRow(store, 'one');
    targets.add({
      id: 'one',
      answer: ({ name }) => (name === 'good' ? OK : failure(400, { again: 'never' })),
    });
    for (let n = 0; n < 25; n++) {
      await publish(n % 2 === 0 ? 'good' : 'bad', ['one']);
      await until(async () => (targets.attempts.get('one')?.length ?? 0) === n + 1);
    }
    await until(async () => (await countersOf(world))[0]?.success === 13 && (await countersOf(world))[0]?.error === 12);
    const kinds = (await store.db.selectFrom('integration_logs').select('kind').execute()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'success')).toHaveLength(10);
    expect(kinds.filter((kind) => kind === 'error')).toHaveLength(10);
    await worker.close();
  });

  it('takes no more events than may wait: the others are counted and logged', async () => {
    const world = await setUp(open, 5);
    const { targets, worker, until, store, backlog, clock, bus } = world;
    await addIntegrationRow(store, 'one');
    const blocked = Promise.withResolvers<Partial<CallOutcome>>();
    targets.add({ id: 'one', answer: () => blocked.promise });
    const bounded = backlog.within({ integrationsFor: () => ['one'] });
    for (let n = 0; n < 8; n++) {
      const event = eventOf('weather', clock.now());
      bus.publish(liveEvents, await store.events.append({ ...event, deliveries: bounded.integrationsFor(event) }));
      await clock.settle();
    }
    expect(await rowsOf(world)).toHaveLength(5);
    expect(backlog.room('one')).toBe(0);
    expect(worker.counts.get('refused')).toBe(3);
    await until(async () => (await countersOf(world))[0]?.error === 3);
    const [log] = await store.db.selectFrom('integration_logs').selectAll().execute();
    expect(log?.response).toMatch(/^Too many events wait/);
    blocked.resolve(OK);
    await until(async () => (await rowsOf(world)).length === 0);
    expect(backlog.room('one')).toBe(5);
    await worker.close();
  });

  it('loses nothing: hosts misbehave at random, and the process dies at any moment', { timeout: 120_000 }, async () => {
    const seed = Number(process.env.DELIVERY_SEED ?? randomInt(2 ** 31));
    onTestFailed(() => console.info(`DELIVERY_SEED=${seed}`));
    const random = seededEntropy(seed);
    const world = await setUp(open);
    const { targets, publish, clock } = world;
    const owed = new Map<string, Set<number>>();
    let well = false;
    for (const id of ['one', 'two', 'three']) {
      owed.set(id, new Set());
      targets.add({
        id,
        host: id === 'one' ? 'one.example' : 'both.example',
        answer: async () => {
          for (let turn = Math.floor(random.fraction() * 4); turn > 0; turn--) await clock.settle();
          return well || random.fraction() < 0.6 ? OK : failure(500);
        },
      });
    }
    let mortal = mortalStore(world.store);
    let worker = newWorker({ ...world, store: mortal.store, backlog: new DeliveryBacklog() });
    const dead = [world.worker.close()];
    for (let life = 0; life < 8; life++) {
      for (let n = 0; n < 25; n++) {
        const ids = ['one', 'two', 'three'].filter(() => random.fraction() < 0.6);
        const { sequence } = await publish('weather', ids);
        for (const id of ids) owed.get(id)?.add(sequence);
        if (random.fraction() < 0.3) await clock.elapse(Math.floor(random.fraction() * 8000));
        else if (random.fraction() < 0.5) await clock.settle();
      }
      // From here on it writes nothing, whatever it was about to.
      mortal.kill();
      dead.push(worker.close());
      mortal = mortalStore(world.store);
      worker = newWorker({ ...world, store: mortal.store, backlog: new DeliveryBacklog() });
      await worker.start();
    }
    const waits = async () => (await rowsOf(world)).some(({ due_at: dueAt }) => dueAt !== null);
    await world.until(async () => !(await waits()), minutes(5));
    // A host that fails so often may fail one delivery at every attempt: that is kept, not lost.
    const kept = await rowsOf(world);
    for (const { integration_id: id, event_sequence: sequence, attempts } of kept) {
      const tries = targets.attempts.get(id)?.filter((tried) => tried === sequence).length ?? 0;
      expect([attempts, tries >= 10], `${id} ${sequence}`).toEqual([10, true]);
    }
    const heldBy = (id: string) => [
      ...(targets.delivered.get(id) ?? []),
      ...kept.filter((row) => row.integration_id === id).map((row) => row.event_sequence),
    ];
    for (const [id, sequences] of owed) expect(new Set(heldBy(id)), id).toEqual(sequences);
    well = true;
    for (const { integration_id: integrationId, id } of kept) {
      await makeDue(world.store.db, integrationId, [id], clock.now());
      world.bus.publish(dueDeliveries, { integrationId, more: 1 });
    }
    await world.until(async () => (await rowsOf(world)).length === 0, seconds(20));
    for (const [id, sequences] of owed) expect(new Set(targets.delivered.get(id)), id).toEqual(sequences);
    dead.push(worker.close());
    await clock.elapse(seconds(3));
    await Promise.all(dead);
  });
});
