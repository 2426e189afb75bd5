import { join } from 'node:path';
import { systemClock } from '@cloudchamber/kernel';
import { temporaryFolder } from '@cloudchamber/testkit';
import { Kysely, sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { SqliteThreadDialect } from './sqlite-dialect.ts';
import { SqliteThread } from './sqlite-thread.ts';

interface Words {
  readonly t: { id: number; word: string };
}

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function openWithTable(): Promise<Kysely<Words>> {
  const folder = await temporaryFolder();
  undo.push(() => folder.remove());
  const thread = await SqliteThread.open({ path: join(folder.path, 'db'), clock: systemClock, onFailure: () => {} });
  undo.push(() => thread.close());
  const db = new Kysely<Words>({ dialect: new SqliteThreadDialect(thread) });
  await sql`create table t (id integer primary key, word text)`.execute(db);
  await db.insertInto('t').values({ id: 1, word: 'one' }).execute();
  return db;
}

it('names the columns of a statement that ran before', async () => {
  const db = await openWithTable();
  const all = () => db.selectFrom('t').selectAll().execute();
  expect(await all()).toEqual([{ id: 1, word: 'one' }]);
  expect(await all()).toEqual([{ id: 1, word: 'one' }]);
  await db.deleteFrom('t').execute();
  expect(await all()).toEqual([]);
  const add = (id: number) => db.insertInto('t').values({ id, word: 'more' }).returning(['word', 'id']).execute();
  expect(await add(2)).toEqual([{ word: 'more', id: 2 }]);
  expect(await add(3)).toEqual([{ word: 'more', id: 3 }]);
});

it('names the columns of a table that has become wider, also while it does', async () => {
  const db = await openWithTable();
  const all = () => db.selectFrom('t').selectAll().execute();
  await all();
  const wider = sql`alter table t add column more text`.execute(db);
  const meanwhile = all();
  await wider;
  expect(await meanwhile).toEqual([{ id: 1, word: 'one', more: null }]);
  expect(await all()).toEqual([{ id: 1, word: 'one', more: null }]);
});
