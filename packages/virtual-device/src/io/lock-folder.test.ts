import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './lock-folder.ts';

describe('the lock of a state folder', () => {
  let folder: TemporaryFolder;
  let state: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    state = join(folder.path, 'state');
  });
  afterEach(() => folder.remove());

  it('is held by one at a time', async () => {
    const unlock = await lockFolder(state);
    await expect(lockFolder(state)).rejects.toMatchObject({
      code: 'state.in_use',
      message: expect.stringContaining(String(process.pid)),
    });
    await unlock();
    const again = await lockFolder(state);
    await again();
  });

  it.each(['999999999', '', 'nonsense'])('is taken over from a process that is gone (%j)', async (owner) => {
    const unlock = await lockFolder(state);
    await writeFile(join(state, 'lock'), owner);
    const taken = await lockFolder(state);
    await taken();
    await unlock();
  });
});
