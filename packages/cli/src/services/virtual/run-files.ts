import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Settings } from '../../profile/settings.ts';
import { identityOf } from './process-identity.ts';

export const DEFAULT_NAME = 'default';
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const PID_FILE = 'pid.json';

/** Virtual devices that run, as their process wrote it down. */
export interface Run {
  readonly pid: number;
  /** When the process began, as `identityOf` tells it. */
  readonly identity: string;
  readonly count: number;
  /** Its API's address. */
  readonly cloud: string;
  /** ISO 8601. */
  readonly since: string;
  /** Folder of ids, keys and sessions; absolute. */
  readonly state: string;
}

/** Where everything of the virtual devices under a name is. @throws CliError of kind `usage` for what cannot be a name */
export function folderOf({ files }: Pick<Settings, 'files'>, name: string): string {
  if (!NAME.test(name)) {
    throw usageError(
      `"${name}" cannot be a name of virtual devices: it has letters, digits, and . _ - behind the first`,
    );
  }
  return join(files.folder, 'virtual', name);
}

/** What their process prints, when it is in the background. */
export function logOf(folder: string): string {
  return join(folder, 'log');
}

/** Every name that was used, sorted. */
export async function listNames({ files }: Pick<Settings, 'files'>): Promise<string[]> {
  const entries = await readdir(join(files.folder, 'virtual'), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Those that run under a name now. What a process that is gone left behind is removed, also when its number is another's today. */
export async function runningIn(folder: string): Promise<Run | undefined> {
  const run = await readRun(folder);
  if (run === undefined) return undefined;
  const identity = await identityOf(run.pid);
  if (identity !== undefined && (identity === '' || run.identity === '' || identity === run.identity)) return run;
  await rm(join(folder, PID_FILE), { force: true });
  const lock = join(run.state, 'lock');
  if ((await readFile(lock, 'utf8').catch(() => '')) === String(run.pid)) await rm(lock, { force: true });
  return undefined;
}

/** Notes that this process runs them. */
export async function writeRun(folder: string, run: Omit<Run, 'pid' | 'identity'>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { pid } = process;
  const draft = join(folder, `${PID_FILE}.new`);
  const noted: Run = { ...run, pid, identity: (await identityOf(pid)) ?? '' };
  await writeFile(draft, `${JSON.stringify(noted)}\n`, { mode: 0o600 });
  await rename(draft, join(folder, PID_FILE));
}

/** Forgets them, when it was this process that ran them. */
export async function removeRun(folder: string): Promise<void> {
  if ((await readRun(folder))?.pid === process.pid) await rm(join(folder, PID_FILE), { force: true });
}

/** @throws CliError when some run under this name */
export async function expectNone(folder: string, name: string): Promise<void> {
  const run = await runningIn(folder);
  if (run === undefined) return;
  throw new CliError('failure', `Virtual devices run under the name "${name}" already: process ${run.pid}`, {
    next: `Stop them with "chamber virtual stop ${name}", or take another --name.`,
  });
}

async function readRun(folder: string): Promise<Run | undefined> {
  const text = await readFile(join(folder, PID_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRun(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRun(value: unknown): value is Run {
  if (typeof value !== 'object' || value === null) return false;
  const run: Partial<Record<keyof Run, unknown>> = value;
  return (
    typeof run.pid === 'number' &&
    Number.isInteger(run.pid) &&
    run.pid > 0 &&
    typeof run.count === 'number' &&
    [run.identity, run.cloud, run.since, run.state].every((text) => typeof text === 'string')
  );
}
