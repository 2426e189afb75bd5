import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@cloudchamber/kernel';
import {
  describeStorePlaces,
  describeStores,
  type StorePlace,
  temporaryFolder,
  VirtualClock,
} from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openStore } from './open-store.ts';
import { isUniqueViolation } from './unique-violation.ts';

const clock = new VirtualClock();
const openAt = (place: StorePlace) => openStore({ ...place, clock, log: silentLogger });

describeStorePlaces('openStore', (newPlace) => {
  it('applies every migration to a fresh place, and none again', async () => {
    const place = await newPlace();
    const first = await openAt(place);
    await first.events.append({
      ownerId: null,
      productId: null,
      deviceId: null,
      publisher: 'api',
      name: 'kept',
      data: null,
      contentFormat: 0,
      ttlSeconds: 60,
      publishedAt: clock.now(),
    });
    await first.close();
    const second = await openAt(place);
    const { rows } = await sql<{ name: string; applied_at: number }>`
      select name, applied_at from migrations order by name`.execute(second.db);
    expect(rows).toEqual(migrations.map(({ name }) => ({ name, applied_at: clock.now() })));
    expect(await migrate(second.db, second.engine, migrations, clock)).toEqual([]);
    expect((await second.events.read({ limit: 10 })).map(({ name }) => name)).toEqual(['kept']);
    await second.close();
  });

  it('lets two processes start on a fresh place at once', async () => {
    const place = await newPlace();
    const stores = await Promise.all([openAt(place), openAt(place)]);
    for (const store of stores) await store.check();
    for (const store of stores) await store.close();
  });

  it('refuses a database that a newer program wrote', async () => {
    const place = await newPlace();
    const store = await openAt(place);
    await sql`insert into migrations (name, applied_at) values ('9999-future', 0)`.execute(store.db);
    await store.close();
    await expect(openAt(place)).rejects.toMatchObject({
      code: 'store.newer_schema',
      message: expect.stringContaining('9999-future'),
    });
  });

  it('leaves nothing of a migration that fails, and applies it when it is repaired', async () => {
    const store = await openAt(await newPlace());
    const broken = {
      name: '9998-parts',
      async up(db: Parameters<(typeof migrations)[number]['up']>[0]) {
        await db.schema.createTable('parts').addColumn('id', 'text').execute();
        throw new Error('half way');
      },
    };
    await expect(migrate(store.db, store.engine, [...migrations, broken], clock)).rejects.toThrow('half way');
    const repaired = {
      name: '9998-parts',
      up: (db: Parameters<typeof broken.up>[0]) => db.schema.createTable('parts').addColumn('id', 'text').execute(),
    };
    expect(await migrate(store.db, store.engine, [...migrations, repaired], clock)).toEqual(['9998-parts']);
    await store.close();
  });
});

describeStores('store', (open) => {
  it('answers check while it is open', async () => {
    const store = await open();
    await expect(store.check()).resolves.toBeUndefined();
    await store.close();
    await expect(store.check()).rejects.toThrow();
  });

  it('closes once, however often it is asked', async () => {
    const store = await open();
    await Promise.all([store.close(), store.close()]);
    await expect(store.close()).resolves.toBeUndefined();
  });

  it('gives integers as numbers and binary as bytes', async () => {
    const { db } = await open();
    const { rows } = await sql<{ count: number; time: number }>`
      select count(*) as count, cast(1767225600123 as bigint) as time from migrations`.execute(db);
    expect(rows).toEqual([{ count: migrations.length, time: 1_767_225_600_123 }]);
  });

  it('tells a unique violation from other failures', async () => {
    const { db } = await open();
    await sql`create table things (id text primary key, name text not null unique)`.execute(db);
    await sql`insert into things values ('1', 'one')`.execute(db);
    const failure = (query: Promise<unknown>): Promise<unknown> => query.then(() => undefined).catch((error) => error);
    expect(isUniqueViolation(await failure(sql`insert into things values ('1', 'two')`.execute(db)))).toBe(true);
    expect(isUniqueViolation(await failure(sql`insert into things values ('2', 'one')`.execute(db)))).toBe(true);
    expect(isUniqueViolation(await failure(sql`insert into things values ('3', null)`.execute(db)))).toBe(false);
    expect(isUniqueViolation(await failure(sql`select nonsense`.execute(db)))).toBe(false);
  });

  it('counts the rows that a write changed', async () => {
    const { db } = await open();
    const result = await db.deleteFrom('events').executeTakeFirst();
    expect(result.numDeletedRows).toBe(0n);
  });
});

describe('openStore, where there is no store', () => {
  it('refuses a file that is not a database', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder.path, 'chamber.sqlite'),
      'this is a text file, long enough to be looked at by SQLite.'.repeat(20),
    );
    await expect(openAt({ dataDir: folder.path })).rejects.toMatchObject({ code: 'store.unavailable' });
    await folder.remove();
  });

  it('refuses a PostgreSQL server that does not answer', async () => {
    const place = { dataDir: '/nonexistent', databaseUrl: 'postgres://nobody@127.0.0.1:9/none' };
    await expect(openAt(place)).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  it('keeps the SQLite file to its owner', async () => {
    const folder = await temporaryFolder();
    const store = await openAt({ dataDir: join(folder.path, 'data') });
    expect((await stat(join(folder.path, 'data', 'chamber.sqlite'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder.path, 'data'))).mode & 0o777).toBe(0o700);
    await store.close();
    await folder.remove();
  });
});
