import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Transport } from './key-places.ts';

/** A key as it was found in a file or a device. */
export interface FoundKey {
  readonly transport: Transport;
  /** The private half as devices keep it, DER (SEC 1 for P-256, PKCS #1 for RSA); undefined when there is none. Secret. */
  readonly der: Buffer | undefined;
  /** The public half, `PUBLIC KEY` PEM. */
  readonly publicPem: string;
  /** The same as DER SubjectPublicKeyInfo. */
  readonly spki: Buffer;
}

const RSA_BITS = 1024;

/** A fresh key pair for a device: P-256 for UDP, RSA of 1024 bits for TCP (CLI-63). */
export function generateDeviceKey(transport: Transport): FoundKey & { readonly der: Buffer } {
  const { privateKey } =
    transport === 'udp'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return { ...partsOf(privateKey, transport), der: privateDer(privateKey, transport) };
}

/** The key in a file: PEM or DER, private or public, with anything behind it. Undefined for what is no P-256 or RSA key. */
export function readKey(file: Uint8Array): FoundKey | undefined {
  const key = parsed(Buffer.from(file));
  if (key === undefined) return undefined;
  const transport = transportOf(key);
  if (transport === undefined) return undefined;
  return { ...partsOf(key, transport), der: key.type === 'private' ? privateDer(key, transport) : undefined };
}

function partsOf(key: KeyObject, transport: Transport): Pick<FoundKey, 'transport' | 'publicPem' | 'spki'> {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return {
    transport,
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    spki: publicKey.export({ format: 'der', type: 'spki' }),
  };
}

function privateDer(key: KeyObject, transport: Transport): Buffer {
  return transport === 'udp'
    ? key.export({ format: 'der', type: 'sec1' })
    : key.export({ format: 'der', type: 'pkcs1' });
}

function transportOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): Transport | undefined {
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'udp';
  return type === 'rsa' ? 'tcp' : undefined;
}

function parsed(file: Buffer): KeyObject | undefined {
  const attempts: readonly (() => KeyObject)[] = file.includes('-----BEGIN ')
    ? [() => createPrivateKey(file), () => createPublicKey(file)]
    : derAttempts(derOf(file));
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // Another kind of key, perhaps.
    }
  }
  return undefined;
}

function derAttempts(key: Buffer): readonly (() => KeyObject)[] {
  const types = ['pkcs8', 'sec1', 'pkcs1'] as const;
  return [
    ...types.map((type) => () => createPrivateKey({ key, format: 'der', type })),
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
  ];
}

/** The DER value at the beginning, without what is behind it (X.690 section 8.1.3). */
function derOf(file: Buffer): Buffer {
  const first = file[1] ?? 0;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 4 || file.length < 2 + more) return file;
  return file.subarray(0, 2 + more + (more === 0 ? first : file.readUIntBE(2, more)));
}
