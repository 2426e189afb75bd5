import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededEntropy } from '@cloudchamber/kernel';
import { temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetSetupCode, readOrMakeSetupCode } from './setup-code.ts';

describe('the code of the setup', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('is made once, for the eyes of the server alone', async () => {
    const data = join(folder.path, 'data');
    const code = await readOrMakeSetupCode(data, seededEntropy(1));
    expect(code).toMatch(/^[0-9a-f]{40}$/);
    expect(await readOrMakeSetupCode(data, seededEntropy(2))).toBe(code);
    const { mode } = await stat(join(data, 'setup-code'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('is another one after it was forgotten, and when the file holds none', async () => {
    const code = await readOrMakeSetupCode(folder.path, seededEntropy(1));
    await forgetSetupCode(folder.path);
    await forgetSetupCode(folder.path);
    expect(await readOrMakeSetupCode(folder.path, seededEntropy(2))).not.toBe(code);
    const path = join(folder.path, 'setup-code');
    await writeFile(path, 'short', { mode: 0o644 });
    const made = await readOrMakeSetupCode(folder.path, seededEntropy(3));
    expect(await readFile(path, 'utf8')).toBe(`${made}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('says when it cannot be kept', async () => {
    await mkdir(join(folder.path, 'setup-code'));
    await expect(readOrMakeSetupCode(folder.path, seededEntropy(1))).rejects.toThrow('EISDIR');
  });
});
