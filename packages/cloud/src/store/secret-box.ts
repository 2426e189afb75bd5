import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ChamberError, type Entropy } from '@cloudchamber/kernel';

const VERSION = 1;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const SEALED_OVERHEAD = 1 + NONCE_LENGTH + TAG_LENGTH;

/** Fixed: every process must come to the same key from CHAMBER_SECRET alone. What the secret lacks in length, scrypt's cost makes up in part. */
const SCRYPT_SALT = 'cloud-chamber secret box 1';
const SCRYPT_COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** The key file's name in the data folder: 64 hex digits. */
export const SECRET_KEY_FILE = 'secret.key';

const deriveKey = promisify<string, string, number, typeof SCRYPT_COST, Buffer>(scrypt);

/** Encryption at rest for what must be read again: session keys, the server's private keys, credentials (design section 4). */
export interface SecretBox {
  /**
   * Encrypts with AES-256-GCM under a random nonce.
   * @param context what the bytes are and whose, such as `session:<device id>`; `open` needs the same, so sealed bytes cannot be moved elsewhere.
   * @returns version (1 byte), nonce (12), ciphertext, tag (16).
   */
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** @throws ChamberError `secret.unreadable` when the key, the context or any bit differs. */
  open(sealed: Uint8Array, context: string): Uint8Array;
}

export interface SecretBoxOptions {
  /** Folder of the key file; unused when there is a `secret`. */
  readonly dataDir: string;
  /** CHAMBER_SECRET: any text; the key is derived from it. */
  readonly secret?: string;
  readonly entropy: Entropy;
}

/**
 * A box under CHAMBER_SECRET, or under the key file, which is created (mode 0600) when it is missing.
 * @throws ChamberError `secret.bad_key_file` when the key file does not hold a key.
 */
export async function openSecretBox(options: SecretBoxOptions): Promise<SecretBox> {
  const { secret, dataDir, entropy } = options;
  const key =
    secret === undefined
      ? await readOrCreateKey(dataDir, entropy)
      : await deriveKey(secret, SCRYPT_SALT, KEY_LENGTH, SCRYPT_COST);
  return createSecretBox(key, entropy);
}

/** @param key 32 bytes. */
export function createSecretBox(key: Uint8Array, entropy: Entropy): SecretBox {
  return {
    seal(plain, context) {
      const nonce = entropy.bytes(NONCE_LENGTH);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Uint8Array.of(VERSION), nonce, body, cipher.getAuthTag()]);
    },
    open(sealed, context) {
      if (sealed.length < SEALED_OVERHEAD || sealed[0] !== VERSION) throw unreadable(context);
      const nonce = sealed.subarray(1, 1 + NONCE_LENGTH);
      const tagAt = sealed.length - TAG_LENGTH;
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(tagAt));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_LENGTH, tagAt)), decipher.final()]);
      } catch (error) {
        throw unreadable(context, error);
      }
    },
  };
}

async function readOrCreateKey(dataDir: string, entropy: Entropy): Promise<Uint8Array> {
  const path = join(dataDir, SECRET_KEY_FILE);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  let text = await readIfPresent(path);
  if (text === undefined) {
    await createWhole(path, `${entropy.bytes(KEY_LENGTH).toString('hex')}\n`, entropy);
    text = await readFile(path, 'utf8');
  }
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length !== KEY_LENGTH || key.toString('hex') !== text.trim().toLowerCase()) {
    throw new ChamberError('secret.bad_key_file', 'caller', `${path} does not hold 64 hex digits`);
  }
  return key;
}

/** The file appears complete and synced or not at all; when another process was faster, its file stays. */
async function createWhole(path: string, text: string, entropy: Entropy): Promise<void> {
  const draft = `${path}.${entropy.bytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unreadable(context: string, cause?: unknown): ChamberError {
  return new ChamberError('secret.unreadable', 'internal', `the secret of ${context} cannot be opened with this key`, {
    cause,
  });
}
