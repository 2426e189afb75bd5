import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemEntropy } from '@cloudchamber/kernel';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { buildModule, ModuleFunction, readModule } from '@cloudchamber/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firmwareFile } from './firmware-file.ts';
import { loadOrCreateDevice } from './load-or-create-device.ts';

describe('a firmware file', () => {
  let folder: TemporaryFolder;
  let path: string;
  const open = () => firmwareFile(path, silentLogger);
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'firmware');
  });
  afterEach(() => folder.remove());

  it('gives back what was saved last, shorter or longer, and leaves nothing else behind', async () => {
    expect(open().load()).toBeUndefined();
    for (const content of ['one', 'longer than one', 'two']) {
      open().save(Buffer.from(content));
      expect(text(open().load())).toBe(content);
    }
    expect(await readdir(folder.path)).toEqual(['firmware']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is nothing when it was torn or changed', async () => {
    open().save(Buffer.from('modules'));
    const whole = await readFile(path);
    await truncate(path, whole.length - 1);
    expect(open().load()).toBeUndefined();
    whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
    await writeFile(path, whole);
    expect(open().load()).toBeUndefined();
  });

  it('keeps the device running when it cannot be written', () => {
    const errors: string[] = [];
    const log = { ...silentLogger, error: (_fields: object, message: string) => errors.push(message) };
    firmwareFile(join(folder.path, 'missing', 'firmware'), log).save(Buffer.from('one'));
    expect(errors).toHaveLength(1);
  });

  it('brings a device of a state folder back with the application that it got', async () => {
    const load = () => loadOrCreateDevice(folder.path, 'station', systemEntropy, silentLogger);
    const application = { function: ModuleFunction.USER_PART, version: 7, platformId: 32, content: Buffer.alloc(9) };
    const { firmware } = await load();
    firmware.install([readModule(buildModule({ ...application, product: { id: 900, version: 2 } }))]);
    const again = await load();
    expect(again.firmware.module(ModuleFunction.USER_PART, 1)?.version).toBe(7);
    expect(again.firmware).toMatchObject({ updated: true, product: { id: 900, version: 2 } });
  });
});
