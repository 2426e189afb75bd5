import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemEntropy } from '@cloudchamber/kernel';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateDevice } from './load-or-create-device.ts';

describe('a state folder', () => {
  let folder: TemporaryFolder;
  const device = (name: string) => loadOrCreateDevice(folder.path, name, systemEntropy, silentLogger);

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('makes a device once, and gives the same one ever after', async () => {
    const made = await device('station-1');
    expect(made.created).toBe(true);
    made.storage.save(Buffer.from('session'));
    const again = await device('station-1');
    expect(again).toMatchObject({ created: false, deviceId: made.deviceId, name: 'station-1' });
    expect(Buffer.from(again.identity.spki)).toEqual(Buffer.from(made.identity.spki));
    expect(Buffer.from(again.storage.load() ?? '').toString()).toBe('session');
    const other = await device('station-2');
    expect(other.deviceId).not.toBe(made.deviceId);
    expect(other.storage.load()).toBeUndefined();
  });

  it('keeps the private key to its owner', async () => {
    await device('station-1');
    const path = join(folder.path, 'station-1', 'device.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('BEGIN PRIVATE KEY');
  });

  it.each(['../station', '', '.', '..', 'a/b', '-x', 'x'.repeat(65)])('refuses the name %j', async (name) => {
    await expect(device(name)).rejects.toMatchObject({ code: 'device.bad_name' });
  });

  it.each(['', '{}', '{"device_id":"x","private_key":"y"}'])(
    'says what to do about a damaged file (%j)',
    async (text) => {
      await device('station-1');
      await writeFile(join(folder.path, 'station-1', 'device.json'), text);
      await expect(device('station-1')).rejects.toMatchObject({
        code: 'device.unreadable',
        message: expect.stringContaining('delete it to get a new device'),
      });
    },
  );
});
