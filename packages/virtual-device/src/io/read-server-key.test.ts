import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { encodeServerKeyFile, generateP256, generateRsa } from '@cloudchamber/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readServerKey } from './read-server-key.ts';

describe('a server key file', () => {
  const { spki, pem: privatePem } = generateP256();
  const base64 = Buffer.from(spki).toString('base64');
  const address = { host: '192.0.2.10', port: 5684 };
  let folder: TemporaryFolder;
  let path: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'key');
  });
  afterEach(() => folder.remove());

  it.each([
    ['PEM', `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`, { spki }],
    ['DER', Buffer.from(spki), { spki }],
    ['DER with an address that was never set', Buffer.concat([spki, Buffer.alloc(229, 0xff)]), { spki }],
    ['the file for a device', encodeServerKeyFile({ spki, address }), { spki, address }],
  ])('may be %s', async (_name, content, expected) => {
    await writeFile(path, content);
    expect(await readServerKey(path)).toEqual(expected);
  });

  it.each([
    ['a private key', privatePem],
    ['a key for TCP', Buffer.from(generateRsa(2048).spki)],
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
