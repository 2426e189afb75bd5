import { join } from 'node:path';
import type { ChamberError } from '@cloudchamber/kernel';
import { type TemporaryFolder, temporaryFolder, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobResult, QueryJob, SqliteValue } from './sqlite-messages.ts';
import { SqliteThread } from './sqlite-thread.ts';

const write = (sql: string, ...parameters: SqliteValue[]): QueryJob => ({
  kind: 'query',
  mode: 'write',
  sql,
  parameters,
});
const read = (sql: string): QueryJob => ({ kind: 'query', mode: 'read', sql, parameters: [] });
const alone = (sql: string): QueryJob => ({ kind: 'query', mode: 'alone', sql, parameters: [] });
const rowsOf = (result: JobResult): unknown => (result.kind === 'query' ? result.rows : result);

let folder: TemporaryFolder;
let clock: VirtualClock;
const threads: SqliteThread[] = [];
const failures: ChamberError[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  clock = new VirtualClock();
});
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.close();
  failures.length = 0;
  await folder.remove();
});

async function open(script?: URL): Promise<SqliteThread> {
  const thread = await SqliteThread.open({
    path: join(folder.path, 'test.sqlite'),
    clock,
    onFailure: (error) => failures.push(error),
    ...(script === undefined ? {} : { script }),
  });
  threads.push(thread);
  return thread;
}

async function openWithTable(): Promise<SqliteThread> {
  const thread = await open();
  await thread.run(alone('create table t (id integer primary key, word text not null)'));
  return thread;
}

describe('jobs', () => {
  it('run in the order in which they came, and a failing one leaves its neighbours alone', async () => {
    const thread = await openWithTable();
    const results = await Promise.all([
      thread.run(write('insert into t values (1, ?)', 'one')),
      thread.run(write('insert into t values (1, ?)', 'again')),
      thread.run(read('select word from t')),
      thread.run(write('insert into t values (2, ?)', 'two')),
      thread.run(read('select word from t')),
    ]);
    expect(results[1]).toMatchObject({ kind: 'failed', resultCode: 1555 });
    expect(rowsOf(results[2]!)).toEqual([['one']]);
    expect(rowsOf(results[4]!)).toEqual([['one'], ['two']]);
  });

  it('that change the schema or set a pragma work among others', async () => {
    const thread = await openWithTable();
    const results = await Promise.all([
      thread.run(write('insert into t values (1, ?)', 'one')),
      thread.run(read('select * from t')),
      thread.run(alone('alter table t add column more text')),
      thread.run(read('select * from t')),
      thread.run(alone('vacuum')),
      thread.run(read('select count(*) from t')),
    ]);
    expect(rowsOf(results[1]!)).toEqual([[1, 'one']]);
    expect(results[3]).toMatchObject({ columns: ['id', 'word', 'more'], rows: [[1, 'one', null]] });
    expect(results[4]).toMatchObject({ kind: 'query' });
    expect(rowsOf(results[5]!)).toEqual([[1]]);
  });

  it('all fail when the disk is full, keep nothing, and work again when there is room', async () => {
    const thread = await openWithTable();
    await thread.run(alone('pragma max_page_count = 10'));
    const big = 'x'.repeat(60_000);
    const results = await Promise.all([
      thread.run(write('insert into t values (1, ?)', 'small')),
      thread.run(write('insert into t values (2, ?)', big)),
    ]);
    expect(results.map(({ kind }) => kind)).toContain('failed');
    const kept = rowsOf(await thread.run(read('select id from t')));
    expect(kept).toHaveLength(results.filter(({ kind }) => kind === 'query').length);
    await thread.run(alone('pragma max_page_count = 1000'));
    expect(await thread.run(write('insert into t values (3, ?)', big))).toMatchObject({ kind: 'query', changes: 1 });
  });
});

describe('leases', () => {
  it('hold everybody else back until they are released', async () => {
    const thread = await openWithTable();
    const lease = await thread.lease();
    await lease.run(write('begin immediate'));
    const outside = thread.run(read('select count(*) from t'));
    await lease.run(write('insert into t values (1, ?)', 'one'));
    await lease.run(write('insert into t values (2, ?)', 'two'));
    await lease.run(write('commit'));
    lease.release();
    expect(rowsOf(await outside)).toEqual([[2]]);
  });

  it('are granted in turn with jobs, so that neither starves', async () => {
    const thread = await openWithTable();
    const order: string[] = [];
    const first = thread.run(read('select 1')).then(() => order.push('job 1'));
    const leased = thread.lease().then((lease) => {
      order.push('lease');
      lease.release();
    });
    const second = thread.run(read('select 1')).then(() => order.push('job 2'));
    await Promise.all([first, leased, second]);
    expect(order).toEqual(['job 1', 'lease', 'job 2']);
  });

  it('that stay idle for ten seconds are rolled back, and the rest goes on', async () => {
    const thread = await openWithTable();
    const lease = await thread.lease();
    await lease.run(write('begin immediate'));
    await lease.run(write('insert into t values (1, ?)', 'forgotten'));
    const outside = thread.run(read('select count(*) from t'));
    clock.advance(10_000);
    expect(rowsOf(await outside)).toEqual([[0]]);
    await expect(lease.run(write('commit'))).rejects.toMatchObject({ code: 'store.transaction_expired' });
    lease.release();
    expect(clock.pending).toBe(0);
  });
});

describe('a lease whose transaction ends by itself', () => {
  it('runs nothing more, so that no part of the transaction is kept', async () => {
    const thread = await openWithTable();
    await thread.run(alone('pragma max_page_count = 10'));
    const lease = await thread.lease();
    const results = await Promise.all([
      lease.run(write('begin immediate')),
      lease.run(write('insert into t values (1, ?)', 'small')),
      lease.run(write('insert into t values (2, ?)', 'x'.repeat(60_000))),
      lease.run(write('rollback')),
      lease.run(write('insert into t values (3, ?)', 'small')),
    ]);
    lease.release();
    expect(results.map(({ kind }) => kind)).toEqual(['query', 'query', 'failed', expect.any(String), 'failed']);
    expect(rowsOf(await thread.run(read('select id from t')))).toEqual([]);
  });
});

describe('a worker that dies', () => {
  const dying = new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', () => { throw new Error('out of order'); });
      parentPort.postMessage({ kind: 'opened' });`)}`,
  );

  it('rejects what was under way and what waited, tells its owner, and refuses from then on', async () => {
    const thread = await open(dying);
    const pending = [thread.run(read('select 1')), thread.lease(), thread.run(read('select 2'))];
    const results = await Promise.allSettled(pending);
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'store.unavailable' } });
    expect(failures).toEqual([expect.objectContaining({ code: 'store.unavailable', cause: expect.any(Error) })]);
    await expect(thread.run(read('select 3'))).rejects.toMatchObject({ code: 'store.unavailable' });
    await thread.close();
  });

  it('is reported when it never starts', async () => {
    await expect(
      open(new URL(`data:text/javascript,${encodeURIComponent('throw new Error("no")')}`)),
    ).rejects.toMatchObject({
      code: 'store.unavailable',
    });
  });
});

describe('close', () => {
  it('lets what waits finish and refuses what comes later', async () => {
    const thread = await openWithTable();
    const waiting = thread.run(write('insert into t values (1, ?)', 'one'));
    const closed = thread.close();
    await expect(thread.run(read('select 1'))).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await waiting).toMatchObject({ kind: 'query', changes: 1 });
    await closed;
    expect(failures).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
