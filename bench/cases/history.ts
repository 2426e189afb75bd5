import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@cloudchamber/cloud/store';
import { type DeviceId, days, silentLogger, systemClock } from '@cloudchamber/kernel';
import { findPostgres } from '@cloudchamber/testkit';
import {
  EventPruner,
  type HistoryPage,
  type HistoryView,
  queryHistory,
} from '../../packages/cloud/src/domain/history/index.ts';
import { dealtId, fillEvents } from '../../packages/cloud/test/store/fill-events.ts';
import { createPostgresDatabase } from '../../packages/testkit/src/postgres-database.ts';
import { percentile } from '../percentile.ts';

export interface HistoryTimes {
  /** What was asked for, in words. */
  readonly what: string;
  /** ms */
  readonly p50: number;
  readonly p99: number;
}

export interface HistoryFigures {
  readonly engine: 'SQLite' | 'PostgreSQL';
  readonly events: number;
  /** The bare select that a page cannot do without, on the same connection. */
  readonly bare: HistoryTimes;
  readonly queries: readonly HistoryTimes[];
  readonly pruning: PruningFigures;
}

/** Appends one after the other, without and with old events being deleted. */
interface PruningFigures {
  readonly deleted: number;
  readonly perSecond: number;
  readonly idle: HistoryTimes;
  readonly meanwhile: HistoryTimes;
}

const OWNERS = 100;
const PRODUCTS = 20;
const DEVICES = 1000;
const SPAN = days(29);
const PAGE = 100;
/** Pruning takes what is older, a tenth. */
const KEPT_DAYS = 26;
/** Appends of which the idle store's times are taken. */
const IDLE_APPENDS = 500;
const BETWEEN_APPENDS_MS = 2;

/** Pages of history over a log that was filled beforehand, in turn with a bare select by the same index, each of another owner, product or device. */
export async function measureHistory(events: number, rounds: number): Promise<HistoryFigures[]> {
  const figures = [await onSqlite((store) => measureStore(store, 'SQLite', events, rounds))];
  const server = await findPostgres();
  if (server === undefined) {
    process.stderr.write('no PostgreSQL server was found: history is measured on SQLite alone\n');
    return figures;
  }
  try {
    const database = await createPostgresDatabase(server.url);
    try {
      const store = await open('/nonexistent', await database.newSchema());
      figures.push(await measureStore(store, 'PostgreSQL', events, rounds).finally(() => store.close()));
    } finally {
      await database.drop();
    }
  } finally {
    server.stop();
  }
  return figures;
}

async function onSqlite<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'chamber-bench-history-'));
  try {
    const store = await open(folder);
    return await work(store).finally(() => store.close());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function open(dataDir: string, databaseUrl?: string): Promise<Store> {
  return openStore({
    dataDir,
    clock: systemClock,
    log: silentLogger,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
}

async function measureStore(
  store: Store,
  engine: HistoryFigures['engine'],
  events: number,
  rounds: number,
): Promise<HistoryFigures> {
  const newest = Date.now();
  const deal = { owners: OWNERS, products: PRODUCTS, devices: DEVICES };
  await fillEvents(store, { ...deal, events, oldest: newest - SPAN, step: SPAN / events });
  const ctx = { store, clock: systemClock };
  const page = (view: HistoryView, extra: Partial<HistoryPage> = {}) =>
    queryHistory(ctx, { view, page: { limit: PAGE, order: 'desc', ...extra }, mostDays: 30 });
  const owner = (n: number): HistoryView => ({ place: { kind: 'owner', id: dealtId('a', n % OWNERS) } });
  const cases: readonly (readonly [string, (n: number) => Promise<unknown>])[] = [
    [`bare select of the newest ${PAGE} events of an owner`, (n) => bareSelect(store, dealtId('a', n % OWNERS))],
    [`newest ${PAGE} events of an owner`, (n) => page(owner(n))],
    [
      `${PAGE} events of a product at some time past`,
      (n) => {
        const to = newest - ((n * 7919) % 1000) * (SPAN / 1000);
        return page({ place: { kind: 'product', id: 1000 + (n % PRODUCTS) }, from: to - days(1), to });
      },
    ],
    [
      `${PAGE} events of a device in the middle of the log`,
      (n) => page({ ...owner(n), deviceId: dealtId('d', n % DEVICES) as DeviceId }, { before: Math.floor(events / 2) }),
    ],
    [`a text that one event in a hundred of an owner has`, (n) => page({ ...owner(n), text: 'NEEDLE' })],
    ['a text that nothing has, until the page gives up', (n) => page({ ...owner(n), text: 'haystack' })],
  ];
  const times = cases.map((): number[] => []);
  for (const [, run] of cases) await run(1);
  for (let n = 0; n < rounds; n++) {
    for (const [at, [, run]] of cases.entries()) {
      // What looks at 100,000 events takes its time.
      if (at === cases.length - 1 && n % 10 !== 0) continue;
      const began = performance.now();
      await run(n);
      times[at]?.push(performance.now() - began);
    }
  }
  const [bare, ...queries] = cases.map(([what], at): HistoryTimes => {
    const measured = times[at] ?? [];
    return { what, p50: percentile(measured, 50), p99: percentile(measured, 99) };
  });
  if (bare === undefined) throw new Error('nothing was measured');
  return { engine, events, bare, queries, pruning: await measurePruning(store, newest) };
}

async function bareSelect({ history }: Store, ownerId: string): Promise<unknown> {
  const query = history.selectFrom('events').selectAll().where('owner_id', '=', ownerId);
  return query.orderBy('owner_id', 'desc').orderBy('sequence', 'desc').limit(PAGE).execute();
}

async function measurePruning(store: Store, newest: number): Promise<PruningFigures> {
  const idle = await appendUntil(store, 'append to an idle store', (appended) => appended >= IDLE_APPENDS);
  const before = newest - days(KEPT_DAYS);
  const old = store.history.selectFrom('events').select((is) => is.fn.countAll().as('count'));
  const { count } = await old.where('published_at', '<', before).executeTakeFirstOrThrow();
  const began = performance.now();
  const bounds = { days: KEPT_DAYS, bytes: Number.POSITIVE_INFINITY };
  const pruner = new EventPruner({ store, clock: systemClock, log: silentLogger }, bounds);
  const meanwhile = await appendUntil(
    store,
    'append while old events are deleted',
    () => pruner.deleted.age >= Number(count),
  );
  const seconds = (performance.now() - began) / 1000;
  await pruner.close();
  const deleted = pruner.deleted.age;
  return { deleted, perSecond: deleted / seconds, idle, meanwhile };
}

async function appendUntil(store: Store, what: string, done: (appended: number) => boolean): Promise<HistoryTimes> {
  const times: number[] = [];
  while (!done(times.length)) {
    const began = performance.now();
    await store.events.append({
      ownerId: dealtId('a', 1),
      productId: 1001,
      deviceId: dealtId('d', 1),
      publisher: dealtId('d', 1),
      name: 'sensor/1',
      data: new Uint8Array(40),
      contentFormat: 0,
      ttlSeconds: 60,
      publishedAt: Date.now(),
    });
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_APPENDS_MS));
  }
  return { what, p50: percentile(times, 50), p99: percentile(times, 99) };
}
