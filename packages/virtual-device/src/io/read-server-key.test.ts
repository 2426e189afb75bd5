import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { generateP256 } from '@cloudchamber/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readServerKey } from './read-server-key.ts';

describe('a server key file', () => {
  const { spki, pem: privatePem } = generateP256();
  const base64 = Buffer.from(spki).toString('base64');
  let folder: TemporaryFolder;
  let path: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'key');
  });
  afterEach(() => folder.remove());

  it.each([
    ['PEM', `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`],
    ['DER', Buffer.from(spki)],
    ['DER with padding and an address behind it', Buffer.concat([spki, Buffer.alloc(101, 0xff), Buffer.alloc(128)])],
  ])('may be %s', async (_name, content) => {
    await writeFile(path, content);
    expect(Buffer.from(await readServerKey(path))).toEqual(Buffer.from(spki));
  });

  it.each([
    ['a private key', privatePem],
    ['nothing', ''],
    ['something else', 'hello'],
  ])('may not be %s', async (_name, content) => {
    await writeFile(path, content);
    await expect(readServerKey(path)).rejects.toMatchObject({ code: 'server_key.unreadable' });
  });

  it('has to be there', async () => {
    await expect(readServerKey(path)).rejects.toMatchObject({ message: expect.stringContaining('ENOENT') });
  });
});
