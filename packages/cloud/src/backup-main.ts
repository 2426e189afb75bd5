// The program behind `chamber backup` and `chamber restore`: `backup [--data DIR] [--out FILE]`, `restore FILE [--data DIR] [--replace]`. It says everything as JSON
// lines on stdout: `{ progress }`, then `{ result }` or `{ failure }`. Settings are read as the cloud reads them.
import { parseArgs } from 'node:util';
import { errorMessage, systemClock } from '@cloudchamber/kernel';
import { BackupError } from './backup/backup-error.ts';
import { makeBackup } from './backup/make-backup.ts';
import { restoreBackup, stamp } from './backup/restore-backup.ts';
import type { Work } from './backup/work.ts';
import { ConfigError, readProcessConfig } from './config.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

const say = (line: Readonly<Record<string, unknown>>): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const EVERY_MS = 100;
let said = Number.NEGATIVE_INFINITY;
const work: Work = {
  signal: stop.signal,
  progress(label, done, total) {
    const now = systemClock.monotonic();
    if (now - said < EVERY_MS) return;
    said = now;
    say({ progress: { label, done, total } });
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, out: { type: 'string' }, replace: { type: 'boolean', default: false } },
});

async function backup(): Promise<void> {
  const { dataDir, databaseUrl, secret } = settings();
  const now = systemClock.now();
  const { out = `cloud-chamber-${stamp(now)}.tar.gz` } = values;
  const database = databaseUrl === undefined ? 'sqlite' : 'postgres';
  const { leftOut, ...made } = await makeBackup({ dataDir, out, database, now }, work);
  const notes = leftOut.map((name) => `${name} is neither a file nor a folder, and not in the backup.`);
  if (database === 'postgres') {
    notes.push(
      'The database is NOT in this backup: it is in PostgreSQL. Back it up with: pg_dump --format=custom --file=cloud-chamber.dump "$DATABASE_URL"',
    );
  }
  if (secret !== undefined) notes.push('CHAMBER_SECRET is not in this backup: keep it as well.');
  say({ result: { ...made, notes } });
}

async function restore(file: string): Promise<void> {
  const { dataDir, databaseUrl } = settings();
  const done = await restoreBackup({ file, dataDir, replace: values.replace, now: systemClock.now() }, work);
  const { manifest, movedTo = null, ...restored } = done;
  const notes: string[] = [];
  if (manifest.database === 'postgres') {
    notes.push(
      'The database was not in this backup. Restore it with pg_restore, then, before the first start: psql "$DATABASE_URL" -c "delete from device_sessions"',
    );
  } else if (databaseUrl !== undefined) {
    notes.push('DATABASE_URL is set: a cloud that is started with it does not use the database that was restored.');
  }
  say({ result: { ...restored, made_at: manifest.made_at, version: manifest.program, moved_to: movedTo, notes } });
}

function settings() {
  return readProcessConfig({ args: values.data === undefined ? [] : ['--data', values.data] });
}

function failureOf(error: unknown): Readonly<Record<string, unknown>> {
  const message = errorMessage(error);
  if (error instanceof BackupError) return { code: error.code, message, next: error.next };
  if (error instanceof ConfigError) return { code: error.code, message };
  const system = error instanceof Error && 'code' in error && 'syscall' in error;
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return { message, ...(system && { system: error.code, path }) };
}

try {
  const [verb, file] = positionals;
  if (verb === 'restore' && file !== undefined) await restore(file);
  else await backup();
} catch (error) {
  if (stop.signal.aborted) say({ failure: { code: 'backup.interrupted', message: 'Interrupted' } });
  else say({ failure: failureOf(error) });
  process.exitCode = 1;
}
