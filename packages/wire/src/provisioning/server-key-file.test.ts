import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateP256 } from '../crypto/p256.ts';
import { generateRsa } from '../crypto/rsa.ts';
import { WireError } from '../wire-error.ts';
import { decodeServerAddress, encodeServerAddress, isServerHost } from './server-address.ts';
import { decodeServerKeyFile, encodeServerKeyFile } from './server-key-file.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const domain = fc.tuple(label, label, fc.constantFrom('net', 'org', 'local')).map((parts) => parts.join('.'));
const host = fc.oneof(domain, fc.ipV4(), domain.map((name) => `$id.udp.${name}`.slice(-63)).filter(isServerHost));
const address = fc.record({ host, port: fc.integer({ min: 1, max: 65_535 }) });

describe('the address record of a device', () => {
  it('of an IP address is type 0, four bytes, and the port at offset 66', () => {
    const record = encodeServerAddress({ host: '192.0.2.10', port: 5684 });
    expect(record).toHaveLength(128);
    expect(record.subarray(0, 6).toString('hex')).toBe('0004c000020a');
    expect(record.readUInt16BE(66)).toBe(5684);
    expect(new Set([...record.subarray(6, 66), ...record.subarray(68)])).toEqual(new Set([0xff]));
  });

  it('of a name is type 1, its length and its characters', () => {
    const record = encodeServerAddress({ host: '$id.udp.example.net', port: 443 });
    expect([record[0], record[1]]).toEqual([1, 19]);
    expect(record.subarray(2, 21).toString()).toBe('$id.udp.example.net');
    expect(record.readUInt16BE(66)).toBe(443);
  });

  it('comes back as it went in', () => {
    fc.assert(
      fc.property(address, (given) => {
        expect(decodeServerAddress(encodeServerAddress(given))).toEqual(given);
      }),
    );
  });

  it('of erased flash is none: the device uses its default', () => {
    expect(decodeServerAddress(Buffer.alloc(128, 0xff))).toBeUndefined();
  });

  it.each([
    ['', 5684, 'malformed'],
    ['300.0.2.10', 5684, 'malformed'],
    ['10.0.0', 5684, 'malformed'],
    ['2001:db8::1', 5684, 'malformed'],
    ['a b.example.net', 5684, 'malformed'],
    ['-a.example.net', 5684, 'malformed'],
    ['$device.example.net', 5684, 'malformed'],
    ['$id$id.example.net', 5684, 'malformed'],
    ['$id.$id.example.net', 5684, 'malformed'],
    [`${'a'.repeat(52)}.example.net`, 5684, 'too_large'],
    ['example.net', 0, 'malformed'],
    ['example.net', 65_536, 'malformed'],
    ['example.net', 1.5, 'malformed'],
  ])('is not made of %j port %d', (name, port, kind) => {
    expect(() => encodeServerAddress({ host: name, port })).toThrow(expect.objectContaining({ kind }));
  });

  it.each([
    ['type 2', '0204c000020a'],
    ['an IP address of 5 bytes', '0005c000020a01'],
    ['a name of 64 bytes', '0140'],
    ['a name with a blank', '0103612062'],
  ])('with %s is refused', (_name, head) => {
    const record = Buffer.alloc(128, 0x61);
    record.write(head, 'hex');
    expect(() => decodeServerAddress(record)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});

describe('a server key file', () => {
  const keys = { 'P-256': generateP256().spki, 'RSA-2048': generateRsa(2048).spki };

  it.each([
    ['P-256', 192],
    ['RSA-2048', 384],
  ] as const)('of %s has the address at offset %d', (name, offset) => {
    const spki = keys[name];
    const file = encodeServerKeyFile({ spki, address: { host: '192.0.2.10', port: 5684 } });
    expect(file).toHaveLength(offset + 128);
    expect(file.subarray(0, spki.length).equals(spki)).toBe(true);
    expect(file[spki.length]).toBe(0xff);
    expect(file.subarray(offset, offset + 6).toString('hex')).toBe('0004c000020a');
  });

  it('comes back as it went in, with an address or without', () => {
    const given = fc.record({ spki: fc.constantFrom(...Object.values(keys)), address: fc.option(address) });
    fc.assert(
      fc.property(given, ({ spki, address: at }) => {
        const file = { spki, ...(at !== null && { address: at }) };
        expect(decodeServerKeyFile(encodeServerKeyFile(file))).toEqual(file);
      }),
    );
  });

  it('of anything else is refused with an error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, likeKey) => {
        const file = likeKey ? Buffer.concat([Buffer.from('3059', 'hex'), bytes]) : bytes;
        try {
          expect([91, 294]).toContain(decodeServerKeyFile(file).spki.length);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
    expect(() => encodeServerKeyFile({ spki: generateRsa(1024).spki })).toThrow(
      expect.objectContaining({ kind: 'unsupported' }),
    );
  });
});
