import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { wait } from '../wait.ts';
import { listVirtual } from './list-virtual.ts';
import { identityOf } from './process-identity.ts';
import { DEFAULT_NAME, folderOf, runningIn } from './run-files.ts';

const LOOK_EVERY_MS = 50;
/** Devices wait 3 s for the ACKs of their Goodbyes. */
const LONGEST_MS = 20_000;

interface Stopped {
  readonly name: string;
  readonly pid: number;
}

/**
 * Ends what runs under a name, or all, and waits until its devices have said Goodbye and the process is gone.
 * @throws CliError `not-found` with what there is when nothing runs; `failure` when a process does not end within 20 s
 */
export async function stopVirtual(
  { name, all }: { readonly name: string | undefined; readonly all: boolean },
  { settings, interrupted }: Pick<Context, 'settings' | 'interrupted'>,
): Promise<Stopped[]> {
  if (all && name !== undefined) throw usageError('Give a name or --all, not both');
  const wanted = name ?? DEFAULT_NAME;
  folderOf(settings, wanted);
  const running = (await listVirtual(settings)).filter((listed) => listed.running);
  const meant = all ? running : running.filter((listed) => listed.name === wanted);
  if (meant.length === 0) {
    const what = all ? 'No virtual devices run' : `No virtual devices run under the name "${wanted}"`;
    const names = running.map((listed) => listed.name).join(', ');
    throw new CliError('not-found', what, {
      next: names === '' ? 'None run under any name: see "chamber virtual list".' : `These run: ${names}.`,
    });
  }
  return Promise.all(
    meant.map(async (listed) => {
      const pid = listed.pid ?? 0;
      await end(folderOf(settings, listed.name), interrupted);
      return { name: listed.name, pid };
    }),
  );
}

async function end(folder: string, interrupted: AbortSignal): Promise<void> {
  const run = await runningIn(folder);
  if (run === undefined) return;
  const identity = await identityOf(run.pid);
  if (identity === undefined) return;
  try {
    process.kill(run.pid, 'SIGTERM');
  } catch (error) {
    // It may have ended meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  for (let waited = 0; (await identityOf(run.pid)) === identity; waited += LOOK_EVERY_MS) {
    if (waited >= LONGEST_MS) {
      throw new CliError('failure', `Process ${run.pid} does not end`, { next: `End it with "kill -9 ${run.pid}".` });
    }
    await wait(LOOK_EVERY_MS, interrupted);
  }
}
