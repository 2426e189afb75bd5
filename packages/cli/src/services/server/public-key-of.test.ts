import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeyOf } from './public-key-of.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });

describe('the public key of a file', () => {
  it.each([
    ['ecc', ec],
    ['rsa', rsa],
  ] as const)('of %s is read from PEM and DER', (algorithm, { publicKey }) => {
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const der = publicKey.export({ format: 'der', type: 'spki' });
    expect(publicKeyOf(Buffer.from(pem), 'a.pem')).toEqual({ pem, algorithm });
    expect(publicKeyOf(der, 'a.der')).toEqual({ pem, algorithm });
    expect(createPublicKey(pem).equals(publicKey)).toBe(true);
  });

  it.each([
    ['PKCS #8 PEM', ec.privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['SEC 1 PEM', ec.privateKey.export({ format: 'pem', type: 'sec1' })],
    ['SEC 1 DER', ec.privateKey.export({ format: 'der', type: 'sec1' })],
    ['PKCS #1 DER', rsa.privateKey.export({ format: 'der', type: 'pkcs1' })],
  ])('is refused when it is a private one: %s', (_form, content) => {
    expect(() => publicKeyOf(Buffer.from(content), 'key')).toThrow('key holds a private key');
  });

  it('is refused when it is nothing of the kind', () => {
    for (const content of ['', 'hello', '0']) {
      expect(() => publicKeyOf(Buffer.from(content), 'x')).toThrow('x holds no public key');
    }
  });
});
