import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChamberError, seededEntropy, systemEntropy } from '@cloudchamber/kernel';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretBox, openSecretBox, SECRET_KEY_FILE } from './secret-box.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const unreadable = expect.objectContaining({ code: 'secret.unreadable' });

describe('secret box', () => {
  const box = createSecretBox(seededEntropy(1).bytes(32), systemEntropy);

  it('opens what it sealed, and only under the same context', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), (plain, context, other) => {
        const sealed = box.seal(plain, context);
        expect(new Uint8Array(box.open(sealed, context))).toEqual(plain);
        if (other !== context) expect(() => box.open(sealed, other)).toThrow(unreadable);
      }),
    );
  });

  it('refuses any changed byte, anything cut short, and any other key', () => {
    const sealed = box.seal(Buffer.from('a session key'), 'session:1');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 1;
      expect(() => box.open(changed, 'session:1')).toThrow(unreadable);
      expect(() => box.open(sealed.subarray(0, at), 'session:1')).toThrow(unreadable);
    }
    const other = createSecretBox(seededEntropy(2).bytes(32), systemEntropy);
    expect(() => other.open(sealed, 'session:1')).toThrow(unreadable);
  });

  it('never seals the same bytes alike', () => {
    const plain = Buffer.from('same');
    expect(box.seal(plain, 'x')).not.toEqual(box.seal(plain, 'x'));
  });

  it('any bytes open or throw ChamberError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(() => box.open(bytes, 'x')).toThrow(ChamberError);
      }),
    );
  });
});

describe('openSecretBox', () => {
  it('creates a key file that only its owner reads, and uses it again', async () => {
    const first = await openSecretBox({ dataDir: join(folder.path, 'data'), entropy: systemEntropy });
    const path = join(folder.path, 'data', SECRET_KEY_FILE);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    const second = await openSecretBox({ dataDir: join(folder.path, 'data'), entropy: systemEntropy });
    expect(Buffer.from(second.open(first.seal(Buffer.from('hello'), 'x'), 'x')).toString()).toBe('hello');
  });

  it('gives two openers at once the same key', async () => {
    const options = { dataDir: folder.path, entropy: systemEntropy };
    const [first, second] = await Promise.all([openSecretBox(options), openSecretBox(options)]);
    expect(Buffer.from(second.open(first.seal(Buffer.from('hello'), 'x'), 'x')).toString()).toBe('hello');
  });

  it('derives the key from the secret alone', async () => {
    const first = await openSecretBox({ dataDir: '/nonexistent', secret: 'correct horse', entropy: systemEntropy });
    const same = await openSecretBox({ dataDir: folder.path, secret: 'correct horse', entropy: systemEntropy });
    const other = await openSecretBox({ dataDir: folder.path, secret: 'wrong horse', entropy: systemEntropy });
    const sealed = first.seal(Buffer.from('hello'), 'x');
    expect(Buffer.from(same.open(sealed, 'x')).toString()).toBe('hello');
    expect(() => other.open(sealed, 'x')).toThrow(unreadable);
  });

  it('refuses a key file without a key', async () => {
    await writeFile(join(folder.path, SECRET_KEY_FILE), 'not a key');
    await expect(openSecretBox({ dataDir: folder.path, entropy: systemEntropy })).rejects.toMatchObject({
      code: 'secret.bad_key_file',
    });
  });
});
