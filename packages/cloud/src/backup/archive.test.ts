import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import type { Work } from './work.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const work: Work = { progress() {}, signal: new AbortController().signal };
const manifest = {
  format: 'cloud-chamber-backup',
  version: 1,
  program: '0.1.0',
  made_at: '2026-01-31T12:00:00.000Z',
  database: 'postgres',
};

let root: TemporaryFolder;
const at = (...parts: string[]): string => join(root.path, ...parts);
beforeEach(async () => {
  root = await temporaryFolder();
});
afterEach(() => root.remove());

type Part = readonly [Partial<Header> & Pick<Header, 'name'>, string];

/** Writes an archive of ours with anything in it. @returns its path */
async function archiveOf(parts: readonly Part[], first: object = manifest): Promise<string> {
  const tar = pack();
  for (const [header, content] of [[{ name: 'manifest.json' }, JSON.stringify(first)] as const, ...parts]) {
    tar.entry(header, content);
  }
  tar.finalize();
  const parted: Uint8Array[] = [];
  for await (const part of tar) parted.push(part as Uint8Array);
  await writeFile(at('made.tar.gz'), gzipSync(Buffer.concat(parted)));
  return at('made.tar.gz');
}

const restore = (file: string, replace = false) => restoreBackup({ file, dataDir: at('new'), replace, now: NOW }, work);

/** A data folder with a database of two sessions. */
async function dataFolder(): Promise<string> {
  await mkdir(at('data', 'mailbox'), { recursive: true });
  await writeFile(at('data', 'secret.key'), 'a key');
  await writeFile(at('data', 'mailbox', 'empty'), '');
  await writeFile(at('data', 'large'), randomBytes(3_000_000));
  const db = new DatabaseSync(at('data', 'chamber.sqlite'));
  db.exec('pragma journal_mode = wal; create table device_sessions (id); insert into device_sessions values (1), (2)');
  db.exec('create table kept (id); insert into kept values (7)');
  db.close();
  return at('data');
}

const backup = (dataDir: string, database: 'sqlite' | 'postgres' = 'sqlite', signal = work.signal) =>
  makeBackup({ dataDir, out: at('b.tar.gz'), database, now: NOW }, { ...work, signal });

const digest = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('a backup', () => {
  it('has everything in it but what SQLite has beside, and comes back without sessions, for the owner alone', async () => {
    const data = await dataFolder();
    await writeFile(at('data', 'chamber.sqlite-wal'), '');
    const made = await backup(data);
    expect(made).toMatchObject({
      file: at('b.tar.gz'),
      files: 4,
      leftOut: [],
      bytes: (await stat(at('b.tar.gz'))).size,
    });
    expect((await stat(at('b.tar.gz'))).mode & 0o777).toBe(0o600);
    await restore(at('b.tar.gz'));
    expect((await readdir(at('new'), { recursive: true })).sort()).toEqual(
      ['chamber.sqlite', 'large', 'mailbox', 'mailbox/empty', 'secret.key'].sort(),
    );
    expect((await stat(at('new', 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(at('new', 'mailbox'))).mode & 0o777).toBe(0o700);
    expect(await digest(at('new', 'large'))).toBe(await digest(at('data', 'large')));
    const db = new DatabaseSync(at('new', 'chamber.sqlite'));
    expect(db.prepare('select (select count(*) from device_sessions) as sessions, id from kept').get()).toEqual({
      sessions: 0,
      id: 7,
    });
    db.close();
    expect((await readdir(root.path)).sort()).toEqual(['b.tar.gz', 'data', 'new']);
  });

  it('is refused for no folder, no database, what is no database, and a file that is there', async () => {
    await expect(backup(at('nowhere'))).rejects.toThrow('There is no folder');
    await mkdir(at('data'));
    await expect(backup(at('data'))).rejects.toThrow('There is no chamber.sqlite');
    await writeFile(at('data', 'chamber.sqlite'), 'x'.repeat(10_000));
    await expect(backup(at('data'))).rejects.toThrow('is no database');
    await writeFile(at('b.tar.gz'), 'mine');
    await expect(backup(at('data'))).rejects.toThrow('exists already');
    expect(await readFile(at('b.tar.gz'), 'utf8')).toBe('mine');
    expect((await readdir(root.path)).sort()).toEqual(['b.tar.gz', 'data']);
  });

  it('leaves nothing when it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(backup(await dataFolder(), 'sqlite', stop.signal)).rejects.toThrow();
    expect(await readdir(root.path)).toEqual(['data']);
  });

  it('moves a folder that is not empty aside, and only when it may', async () => {
    const file = await archiveOf([[{ name: 'data/a' }, 'new']]);
    await mkdir(at('new'));
    await writeFile(at('new', 'a'), 'old');
    await expect(restore(file)).rejects.toMatchObject({ code: 'backup.not_empty' });
    expect(await readFile(at('new', 'a'), 'utf8')).toBe('old');
    const { movedTo = '' } = await restore(file, true);
    expect(movedTo).toBe(at('new.before-restore-20260131T120000Z'));
    expect(await readFile(join(movedTo, 'a'), 'utf8')).toBe('old');
    expect(await readFile(at('new', 'a'), 'utf8')).toBe('new');
  });

  it('is not restored over a database that is open', async () => {
    const file = await archiveOf([[{ name: 'data/a' }, 'new']]);
    await mkdir(at('new'));
    const db = new DatabaseSync(at('new', 'chamber.sqlite'));
    db.exec('pragma journal_mode = wal; create table a (b)');
    await expect(restore(file, true)).rejects.toThrow('A running cloud uses');
    db.close();
    await restore(file, true);
  });
});

describe('an archive that is not to be trusted', () => {
  const nothingWritten = async (): Promise<void> => expect(await readdir(root.path)).toEqual(['made.tar.gz']);

  it.each<[string, Part[]]>([
    ['a name that leads out', [[{ name: 'data/../../evil' }, 'x']]],
    ['an absolute name', [[{ name: '/evil' }, 'x']]],
    ['a name behind data that is absolute', [[{ name: 'data//evil' }, 'x']]],
    ['a name of Windows that leads out', [[{ name: 'data/..\\evil' }, 'x']]],
    ['a name beside data', [[{ name: 'other/evil' }, 'x']]],
    ['a link', [[{ name: 'data/link', type: 'symlink', linkname: '/etc/passwd' }, '']]],
    ['a hard link', [[{ name: 'data/link', type: 'link', linkname: '/etc/passwd' }, '']]],
    ['a folder', [[{ name: 'data/folder', type: 'directory' }, '']]],
    [
      'a name twice',
      [
        [{ name: 'data/a' }, 'x'],
        [{ name: 'data/a' }, 'y'],
      ],
    ],
  ])('has %s', async (_, parts) => {
    const file = await archiveOf([[{ name: 'data/fine' }, 'x'], ...parts]);
    await expect(restore(file)).rejects.toMatchObject({ code: 'backup.strange' });
    await nothingWritten();
  });

  it('is cut anywhere, damaged, or no archive', async () => {
    const file = await archiveOf([[{ name: 'data/a' }, randomBytes(100_000).toString('hex')]]);
    const whole = await readFile(file);
    for (const length of [0, 1, 50, 5_000, whole.length - 9, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length));
      await expect(restore(file), `cut at ${length}`).rejects.toMatchObject({
        code: expect.stringMatching(/^backup\.(none|damaged)$/),
      });
    }
    const bent = Buffer.from(whole);
    bent[50_000] = (bent[50_000] ?? 0) ^ 1;
    await writeFile(file, bent);
    await expect(restore(file)).rejects.toThrow('is damaged, or not all of it is there');
    await writeFile(file, 'no archive at all');
    await expect(restore(file)).rejects.toThrow('is no backup of Cloud Chamber');
    await writeFile(file, gzipSync('no archive at all'));
    await expect(restore(file)).rejects.toThrow('is no backup of Cloud Chamber');
    await nothingWritten();
  });

  it('lacks its manifest, its database, or is of a newer version', async () => {
    await expect(restore(await archiveOf([], { format: 'another' }))).rejects.toThrow('is no backup');
    await expect(restore(await archiveOf([], { ...manifest, database: 'sqlite' }))).rejects.toThrow('is damaged');
    await expect(restore(await archiveOf([], { ...manifest, version: 2 }))).rejects.toThrow('newer version, 0.1.0');
    await nothingWritten();
  });
});
