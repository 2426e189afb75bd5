import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChamberError } from '@cloudchamber/kernel';

/**
 * Makes sure that no other process uses a state folder: two devices on one session would use its record numbers twice. Makes the folder when needed.
 * @returns what gives it free
 * @throws ChamberError `state.in_use` when a living process has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (lives(owner)) {
      throw new ChamberError(
        'state.in_use',
        'caller',
        `${folder} is in use by process ${owner}: stop it, or use another --state`,
      );
    }
    // Left behind by a process that was killed.
    await rm(path, { force: true });
  }
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
