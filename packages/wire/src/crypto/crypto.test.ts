import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dtlsHandshake } from '../../vectors/dtls-handshake.ts';
import { WireError } from '../wire-error.ts';
import { aeadKey, openCcm8, sealCcm8 } from './aead.ts';
import { equalConstantTime } from './constant-time.ts';
import { hmacKey, hmacSha256, sha256 } from './digest.ts';
import { ephemeralFromScalar, generateEphemeral } from './ephemeral.ts';
import { generateP256, loadP256, p256FromScalar, verifyP256 } from './p256.ts';
import { prfSha256 } from './prf.ts';
import { PublicKeyCache } from './public-key-cache.ts';
import { parseSpki, spkiFromPem } from './spki.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const kindOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.kind;
    throw error;
  }
  return 'no error';
};

describe('digests', () => {
  it('makes SHA-256 (FIPS 180-4, "abc")', () => {
    expect(sha256(Buffer.from('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('makes HMAC-SHA-256 over parts (RFC 4231 test case 2)', () => {
    const mac = hmacSha256(hmacKey(Buffer.from('Jefe')), Buffer.from('what do ya want '), Buffer.from('for nothing?'));
    expect(mac.toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it('makes the TLS 1.2 PRF (IETF TLS list, "Test vectors for PRF using SHA-256")', () => {
    const secret = hex('9bbe436ba940f017b17652849a71db35');
    const out = prfSha256(secret, 'test label', hex('a0ba9f936cda311827a6f796ffd5198c'), 100);
    expect(out.toString('hex')).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    );
  });
});

describe('AES-128-CCM with a tag of 8', () => {
  // RFC 3610 packet vector 1; its nonce is a byte longer than DTLS has.
  const key = aeadKey(hex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf'));
  const nonce = hex('00000003020100a0a1a2a3a4a5');
  const associated = hex('0001020304050607');
  const plaintext = hex('08090a0b0c0d0e0f101112131415161718191a1b1c1d1e');
  const sealed = hex('588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0');

  it('seals into the place it is given', () => {
    const out = Buffer.alloc(sealed.length + 2, 0xee);
    sealCcm8(key, nonce, associated, plaintext, out, 1);
    expect(out.toString('hex')).toBe(`ee${sealed.toString('hex')}ee`);
  });

  it('opens', () => {
    expect(openCcm8(key, nonce, associated, sealed)).toEqual(plaintext);
  });

  it.each([0, 10, sealed.length - 1])('refuses a change of byte %i', (at) => {
    const bent = Buffer.from(sealed);
    bent[at]! ^= 1;
    expect(kindOf(() => openCcm8(key, nonce, associated, bent))).toBe('unauthenticated');
  });

  it('refuses other associated data, a cut and less than a tag', () => {
    expect(kindOf(() => openCcm8(key, nonce, plaintext, sealed))).toBe('unauthenticated');
    expect(kindOf(() => openCcm8(key, nonce, associated, sealed.subarray(1)))).toBe('unauthenticated');
    expect(kindOf(() => openCcm8(key, nonce, associated, sealed.subarray(0, 7)))).toBe('truncated');
  });
});

describe('P-256 keys', () => {
  it('have the public half of their scalar', () => {
    const key = p256FromScalar(hex(dtlsHandshake.deviceScalar));
    expect(Buffer.from(key.spki).toString('hex')).toBe(dtlsHandshake.deviceSpki);
    expect(kindOf(() => p256FromScalar(Buffer.alloc(32)))).toBe('malformed');
    expect(kindOf(() => p256FromScalar(Buffer.alloc(31, 1)))).toBe('malformed');
  });

  it('load from PEM and DER, PKCS #8 and SEC1', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const { spki } = loadP256(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    expect(loadP256(privateKey.export({ format: 'pem', type: 'sec1' }).toString()).spki).toEqual(spki);
    expect(loadP256(privateKey.export({ format: 'der', type: 'pkcs8' })).spki).toEqual(spki);
    expect(loadP256(privateKey.export({ format: 'der', type: 'sec1' })).spki).toEqual(spki);
    expect(loadP256(loadP256(privateKey.export({ format: 'der', type: 'sec1' })).pem).spki).toEqual(spki);
  });

  it('refuse other curves, other kinds and rubbish', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
    expect(kindOf(() => loadP256(other.export({ format: 'pem', type: 'pkcs8' }).toString()))).toBe('unsupported');
    expect(kindOf(() => loadP256(other.export({ format: 'der', type: 'pkcs8' })))).toBe('unsupported');
    const edwards = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(kindOf(() => loadP256(edwards))).toBe('unsupported');
    expect(kindOf(() => loadP256('no key'))).toBe('malformed');
    expect(kindOf(() => loadP256(Buffer.alloc(121)))).toBe('malformed');
  });

  it('sign what only they can', () => {
    const [key, other] = [generateP256(), generateP256()];
    const data = Buffer.from('transcript');
    const signature = key.sign(data);
    expect(verifyP256(parseSpki(key.spki), data, signature)).toBe(true);
    expect(verifyP256(parseSpki(other.spki), data, signature)).toBe(false);
    expect(verifyP256(parseSpki(key.spki), Buffer.from('transcripT'), signature)).toBe(false);
    expect(verifyP256(parseSpki(key.spki), data, Buffer.alloc(0))).toBe(false);
    expect(verifyP256(parseSpki(key.spki), data, Buffer.alloc(70, 0x30))).toBe(false);
  });
});

describe('public keys', () => {
  const pemOf = (key: ReturnType<typeof generateKeyPairSync>['publicKey']): string =>
    key.export({ format: 'pem', type: 'spki' }).toString();

  it('come out of a PEM as 91 bytes', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    expect(Buffer.from(spkiFromPem(pemOf(publicKey)))).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
  });

  it('are refused when they are of another kind, private, or no keys', () => {
    expect(kindOf(() => spkiFromPem(pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)))).toBe(
      'unsupported',
    );
    expect(kindOf(() => spkiFromPem(pemOf(generateKeyPairSync('ed25519').publicKey)))).toBe('unsupported');
    expect(kindOf(() => spkiFromPem(generateP256().pem))).toBe('malformed');
    expect(kindOf(() => spkiFromPem('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'))).toBe('malformed');
  });

  it('are refused when their point is not on the curve', () => {
    const spki = Buffer.from(generateP256().spki);
    spki[90]! ^= 1;
    expect(kindOf(() => parseSpki(spki))).toBe('malformed');
    expect(kindOf(() => parseSpki(spki.subarray(1)))).toBe('unsupported');
  });

  it('are cached, the least recently used leaving first', () => {
    const cache = new PublicKeyCache(2);
    const [a, b, c] = [generateP256().spki, generateP256().spki, generateP256().spki];
    const kept = cache.get(a);
    const dropped = cache.get(b);
    expect(cache.get(a)).toBe(kept);
    cache.get(c);
    expect(cache.size).toBe(2);
    expect(cache.get(a)).toBe(kept);
    expect(cache.get(b)).not.toBe(dropped);
    expect(kindOf(() => cache.get(Buffer.alloc(91)))).toBe('unsupported');
    expect(cache.size).toBe(2);
  });
});

describe('key agreement', () => {
  it('meets in the middle', () => {
    const [a, b] = [generateEphemeral(), generateEphemeral()];
    expect(a.point).toHaveLength(65);
    expect(a.agree(b.point)).toEqual(b.agree(a.point));
    const fixed = ephemeralFromScalar(hex(dtlsHandshake.serverEphemeralScalar));
    expect(fixed.agree(b.point)).toEqual(b.agree(fixed.point));
  });

  it('refuses points that are none', () => {
    const half = generateEphemeral();
    const off = Buffer.from(generateEphemeral().point);
    off[64]! ^= 1;
    for (const point of [off, off.subarray(1), Buffer.alloc(65), Buffer.alloc(65, 4), Buffer.alloc(0)]) {
      expect(kindOf(() => half.agree(point))).toBe('malformed');
    }
  });
});

it('compares in constant time, lengths first', () => {
  expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
});
