import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { temporaryFolder } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import type { Store } from '../store.ts';

describe('short reads of SQLite', () => {
  let store: Store;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    const folder = await temporaryFolder();
    store = await openStore({ dataDir: folder.path, clock: systemClock, log: silentLogger });
    await sql`create table notes (id integer primary key, text text, bytes blob)`.execute(store.db);
    remove = async () => {
      await store.close();
      await folder.remove();
    };
  });
  afterEach(() => remove());

  const notes = async () => (await sql`select * from notes order by id`.execute(store.db)).rows;

  it('see every commit that was answered before they begin, with the same values as other reads', async () => {
    for (let id = 1; id <= 100; id++) {
      await sql`insert into notes (id, text, bytes) values (${id}, ${`n${id}`}, ${Uint8Array.of(0, id)})`.execute(
        store.db,
      );
      const { rows } = await store.reads
        .selectFrom(sql<{ id: number }>`notes`.as('notes'))
        .selectAll()
        .orderBy('id')
        .execute()
        .then((read) => ({ rows: read }));
      expect(rows).toHaveLength(id);
    }
    const read = await store.reads
      .selectFrom(sql<{ id: number }>`notes`.as('notes'))
      .selectAll()
      .orderBy('id')
      .execute();
    expect(read).toEqual(await notes());
  });

  it('see nothing of a transaction before its commit', async () => {
    const count = () =>
      store.reads
        .selectFrom('events')
        .select(({ fn }) => fn.countAll<number>().as('events'))
        .executeTakeFirst();
    await store.db.transaction().execute(async (transaction) => {
      await sql`insert into events (publisher, name, content_format, ttl, published_at) values ('api', 'e', 0, 60, 0)`.execute(
        transaction,
      );
      expect(await count()).toEqual({ events: 0 });
    });
    expect(await count()).toEqual({ events: 1 });
  });

  it('go on seeing what is there after the tables were changed', async () => {
    const columns = async () => Object.keys((await store.reads.selectFrom('events').selectAll().execute())[0] ?? {});
    await sql`insert into events (publisher, name, content_format, ttl, published_at) values ('api', 'e', 0, 60, 0)`.execute(
      store.db,
    );
    const before = await columns();
    await sql`alter table events add column mood text default 'good'`.execute(store.db);
    expect(await columns()).toEqual([...before, 'mood']);
  });

  it('change nothing and have no transactions', async () => {
    await expect(store.reads.deleteFrom('events').execute()).rejects.toMatchObject({ code: 'store.read_only' });
    await expect(store.reads.transaction().execute(async () => undefined)).rejects.toMatchObject({
      code: 'store.read_only',
    });
    await expect(sql`delete from notes`.execute(store.reads)).rejects.toMatchObject({ code: 'store.read_only' });
    await expect(store.reads.selectFrom(sql<{ id: number }>`nowhere`.as('n')).selectAll().execute()).rejects.toThrow(
      'nowhere',
    );
  });

  it('are refused once the store is closed', async () => {
    await store.close();
    await expect(store.reads.selectFrom('events').selectAll().execute()).rejects.toThrow();
  });
});
