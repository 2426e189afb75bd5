import { generateKeyPairSync } from 'node:crypto';
import { seededEntropy } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamHandshake as recorded } from '../../vectors/stream-handshake.ts';
import { WireError } from '../wire-error.ts';
import { generateRsa, loadRsa, parseRsaSpki } from './rsa.ts';
import { padForEncryption, unpadAfterDecryption } from './rsa-padding.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const entropy = seededEntropy(3);
const server = loadRsa(hex(recorded.serverKey), 2048);
const device = loadRsa(hex(recorded.deviceKey), 1024);
const SUBSTITUTE = Buffer.alloc(60, 0xee);

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.kind;
    throw error;
  }
  return 'no error';
}

describe('PKCS #1 v1.5 encryption padding', () => {
  it('comes off as it was put on, for each length that is known', () => {
    fc.assert(
      fc.property(fc.constantFrom(20, 60), fc.nat(0xffff), (length, seed) => {
        const message = seededEntropy(seed).bytes(length);
        const block = padForEncryption(message, 128, seededEntropy(seed + 1));
        expect(block.subarray(2, 128 - length - 1).includes(0)).toBe(false);
        const unpadded = unpadAfterDecryption(block, [60, 20], SUBSTITUTE);
        expect(unpadded.length).toBe(length);
        expect(unpadded.message.length).toBe(60);
        expect(unpadded.message.subarray(0, length)).toEqual(message);
      }),
    );
  });

  it('is the substitute for every other block', () => {
    const good = padForEncryption(Buffer.alloc(60, 7), 128, entropy);
    const wrongBlocks: [string, (block: Buffer) => void][] = [
      ['first byte', (block) => (block[0] = 1)],
      ['type 1', (block) => (block[1] = 1)],
      ['type 0', (block) => (block[1] = 0)],
      ['zero at the beginning of the padding', (block) => (block[2] = 0)],
      ['zero at the end of the padding', (block) => (block[66] = 0)],
      ['no separator', (block) => (block[67] = 9)],
    ];
    for (const [name, spoil] of wrongBlocks) {
      const block = Buffer.from(good);
      spoil(block);
      const { message, length } = unpadAfterDecryption(block, [60, 20], SUBSTITUTE);
      expect([name, length, message.equals(SUBSTITUTE)]).toEqual([name, 60, true]);
    }
    const otherLength = padForEncryption(Buffer.alloc(33), 128, entropy);
    expect(unpadAfterDecryption(otherLength, [60, 20], SUBSTITUTE).message).toEqual(SUBSTITUTE);
    expect(unpadAfterDecryption(good, [60, 20], SUBSTITUTE).message).toEqual(Buffer.alloc(60, 7));
  });

  it('refuses a message that leaves no room', () => {
    expect(kindOf(() => padForEncryption(Buffer.alloc(118), 128, entropy))).toBe('too_large');
    expect(padForEncryption(Buffer.alloc(117), 128, entropy)).toHaveLength(128);
  });
});

describe('RSA', () => {
  it('decrypts what its public half encrypted', () => {
    const message = entropy.bytes(60);
    const sealed = parseRsaSpki(server.spki, 2048).encrypt(message, entropy);
    expect(sealed).toHaveLength(256);
    expect(server.decrypt(sealed, [60], SUBSTITUTE)).toEqual({ message, length: 60 });
  });

  it('answers garbage, a number above the modulus and a wrong size with the substitute', () => {
    for (const garbage of [
      entropy.bytes(256),
      Buffer.alloc(256, 0xff),
      Buffer.alloc(256),
      entropy.bytes(255),
      entropy.bytes(257),
    ]) {
      expect(server.decrypt(garbage, [60], SUBSTITUTE)).toEqual({ message: SUBSTITUTE, length: 60 });
    }
  });

  it('signs bare bytes', () => {
    const hmac = entropy.bytes(20);
    const signature = server.signBare(hmac);
    const key = parseRsaSpki(server.spki, 2048);
    expect(signature).toHaveLength(256);
    expect(key.openSignature(signature)).toEqual(hmac);
    signature[100]! ^= 1;
    expect(kindOf(() => key.openSignature(signature))).toBe('unauthenticated');
  });

  it('takes keys of its own size and exponent only', () => {
    expect(device.spki).toHaveLength(162);
    expect(server.spki).toHaveLength(294);
    expect(kindOf(() => parseRsaSpki(device.spki, 2048))).toBe('unsupported');
    expect(kindOf(() => parseRsaSpki(server.spki, 1024))).toBe('unsupported');
    const exponent3 = generateKeyPairSync('rsa', { modulusLength: 1024, publicExponent: 3 }).publicKey;
    expect(kindOf(() => parseRsaSpki(exponent3.export({ format: 'der', type: 'spki' }), 1024))).toBe('unsupported');
    const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    expect(kindOf(() => loadRsa(p256.export({ format: 'pem', type: 'pkcs8' }).toString(), 2048))).toBe('unsupported');
    expect(kindOf(() => loadRsa(device.pem, 2048))).toBe('unsupported');
    expect(kindOf(() => loadRsa('nonsense', 2048))).toBe('malformed');
    expect(kindOf(() => loadRsa(entropy.bytes(100), 2048))).toBe('malformed');
  });

  it('has no key whose modulus cannot be used: it says so', () => {
    const even = Buffer.from(device.spki);
    even[even.length - 6]! &= 0xfe;
    expect(kindOf(() => parseRsaSpki(even, 1024).encrypt(Buffer.alloc(40), entropy))).toBe('malformed');
  });

  it('is stored as PEM and generated with 1024 or 2048 bits', () => {
    expect(loadRsa(server.pem, 2048).spki).toEqual(server.spki);
    expect(generateRsa(1024).size).toBe(128);
  });
});
