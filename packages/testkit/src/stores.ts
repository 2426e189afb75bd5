import { openStore, type Store, type StoreOptions } from '@cloudchamber/cloud/store';
import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { createPostgresDatabase, type PostgresDatabase } from './postgres-database.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Where a store lives, so that a test can open it twice. */
export type StorePlace = Pick<StoreOptions, 'dataDir' | 'databaseUrl'>;

/**
 * Opens a store that is empty apart from its schema. It is closed and deleted by itself: after the test, or after the suite when it was
 * opened in `beforeAll`. `options` replaces the system clock and the silent logger, or sets limits.
 */
export type OpenStore = (options?: Partial<Omit<StoreOptions, 'dataDir' | 'databaseUrl'>>) => Promise<Store>;

/** Runs a suite on SQLite and on PostgreSQL; where no PostgreSQL server is known, its half is a skip that says so. */
export function describeStores(name: string, suite: (open: OpenStore) => void): void {
  describeStorePlaces(name, (newPlace) => {
    const opened = cleanUpAfterEach<Store>((store) => store.close());
    suite(async (options) => {
      const store = await openStore({ clock: systemClock, log: silentLogger, ...options, ...(await newPlace()) });
      opened(store);
      return store;
    });
  });
}

/** As `describeStores`, for suites that open by themselves: `newPlace` makes an empty place that is deleted after the test or suite. */
export function describeStorePlaces(name: string, suite: (newPlace: () => Promise<StorePlace>) => void): void {
  describe(`${name} (SQLite)`, () => suite(sqlitePlaces()));
  const server = process.env.CHAMBER_TEST_POSTGRES;
  if (server === undefined || server === '') {
    describe.skip(`${name} (PostgreSQL: skipped, no server (CHAMBER_TEST_POSTGRES))`, () => suite(sqlitePlaces()));
  } else {
    describe(`${name} (PostgreSQL)`, () => suite(postgresPlaces(server)));
  }
}

function sqlitePlaces(): () => Promise<StorePlace> {
  const made = cleanUpAfterEach<{ remove(): Promise<void> }>((folder) => folder.remove());
  return async () => {
    const folder = await temporaryFolder();
    made(folder);
    return { dataDir: folder.path };
  };
}

function postgresPlaces(server: string): () => Promise<StorePlace> {
  let database: Promise<PostgresDatabase> | undefined;
  const folders = sqlitePlaces();
  afterAll(async () => (await database)?.drop());
  return async () => {
    database ??= createPostgresDatabase(server);
    return { ...(await folders()), databaseUrl: await (await database).newSchema() };
  };
}

/** Registers hooks that clean up what was made during a test after it, and the rest after the suite; newest first. */
function cleanUpAfterEach<Thing>(cleanUp: (thing: Thing) => Promise<void>): (thing: Thing) => void {
  const ofSuite: Thing[] = [];
  const ofTest: Thing[] = [];
  let current = ofSuite;
  const empty = async (things: Thing[]): Promise<void> => {
    for (let thing = things.pop(); thing !== undefined; thing = things.pop()) await cleanUp(thing);
  };
  beforeAll(() => {
    current = ofSuite;
  });
  beforeEach(() => {
    current = ofTest;
  });
  afterEach(async () => {
    await empty(ofTest);
    current = ofSuite;
  });
  afterAll(() => empty(ofSuite));
  return (thing) => void current.push(thing);
}
