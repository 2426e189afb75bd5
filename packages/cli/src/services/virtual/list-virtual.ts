import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import type { Settings } from '../../profile/settings.ts';
import { folderOf, listNames, runningIn } from './run-files.ts';

/** Virtual devices under a name; null is not known of those that do not run. */
export interface Listed {
  readonly name: string;
  readonly running: boolean;
  readonly pid: number | null;
  readonly count: number | null;
  readonly cloud: string | null;
  readonly since: string | null;
}

/** All names that were used, with what runs under them. */
export async function listVirtual(settings: Pick<Settings, 'files'>): Promise<Listed[]> {
  const names = await listNames(settings);
  return Promise.all(
    names.map(async (name) => {
      const run = await runningIn(folderOf(settings, name));
      const { pid = null, count = null, cloud = null, since = null } = run ?? {};
      return { name, running: run !== undefined, pid, count, cloud, since };
    }),
  );
}

/** As a table. */
export function virtualTable(all: readonly Listed[]): string[] {
  if (all.length === 0) return ['No virtual devices were started here yet. "chamber virtual start" starts one.'];
  const rows = all.map(({ name, running, pid, count, cloud, since }) =>
    [name, running ? 'running' : 'stopped', pid ?? '-', count ?? '-', cloud ?? '-', since ?? '-'].map((cell) =>
      printable(String(cell)),
    ),
  );
  return tableOf(['Name', 'State', 'PID', 'Devices', 'Cloud', 'Since'], rows);
}
