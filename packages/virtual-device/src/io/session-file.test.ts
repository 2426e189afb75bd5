import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@cloudchamber/kernel';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionFile } from './session-file.ts';

describe('a session file', () => {
  let folder: TemporaryFolder;
  let path: string;
  const open = () => sessionFile(path, silentLogger);

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'session');
  });
  afterEach(() => folder.remove());

  it('gives back what was saved last, to another process as well, and lets nobody else read it', async () => {
    const storage = open();
    expect(storage.load()).toBeUndefined();
    storage.save(Buffer.from('one'));
    storage.save(Buffer.from('two'));
    expect(Buffer.from(storage.load() ?? '').toString()).toBe('two');
    expect(Buffer.from(open().load() ?? '').toString()).toBe('two');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is gone once erased, and can be saved again', () => {
    const storage = open();
    storage.save(Buffer.from('one'));
    storage.erase();
    expect(open().load()).toBeUndefined();
    storage.erase();
    storage.save(Buffer.from('two'));
    expect(Buffer.from(open().load() ?? '').toString()).toBe('two');
    storage.erase();
  });

  it('is nothing when it was torn or changed', async () => {
    open().save(Buffer.from('session'));
    const whole = await readFile(path);
    await truncate(path, whole.length - 1);
    expect(open().load()).toBeUndefined();
    await writeFile(path, '');
    expect(open().load()).toBeUndefined();
    whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
    await writeFile(path, whole);
    expect(open().load()).toBeUndefined();
  });

  it('keeps the device running when the session cannot be stored', () => {
    const errors: string[] = [];
    const log = { ...silentLogger, error: (_fields: object, message: string) => errors.push(message) };
    const storage = sessionFile(join(folder.path, 'missing', 'session'), log);
    storage.save(Buffer.from('one'));
    storage.save(Buffer.from('two'));
    expect(errors).toHaveLength(1);
    expect(storage.load()).toBeUndefined();
  });
});
