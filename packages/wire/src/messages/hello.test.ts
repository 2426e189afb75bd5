import type { DeviceId } from '@cloudchamber/kernel';
import { parseDeviceId } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCoap } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { decodeGoodbye } from './goodbye.ts';
import { decodeHello, encodeHello } from './hello.ts';
import { encodeGoodbye } from './index.ts';

const base = { productId: 0xffff, productVersion: 0xffff, flags: 0x16, platformId: 13 };
const deviceId = parseDeviceId('e00fce680123456789abcdef') as DeviceId;
const since3 = { systemVersion: 3010, maxMessageSize: 1152, maxBinarySize: 0xffffffff, otaChunkSize: 512 };

describe('Hello of each generation', () => {
  it.each([
    ['up to 2.x over TCP', base, 8],
    ['up to 2.x over UDP', { ...base, deviceId }, 22],
    ['3.0 and later over TCP', { ...base, ...since3 }, 20],
    ['3.0 and later over UDP', { ...base, deviceId, ...since3 }, 32],
  ])('%s', (_generation, hello, length) => {
    const { payload } = decodeCoap(encodeHello({ id: 1, ...hello }));
    expect(payload).toHaveLength(length);
    expect(decodeHello(payload)).toEqual(hello);
  });

  it('takes a device id of length 0 at the end', () => {
    expect(decodeHello(Buffer.from('ffffffff0016000d0000', 'hex'))).toEqual(base);
  });

  it('skips what a later Device OS may append', () => {
    const { payload } = decodeCoap(encodeHello({ id: 1, ...base, deviceId, ...since3 }));
    expect(decodeHello(Buffer.concat([payload, Buffer.of(1, 2, 3)]))).toEqual({ ...base, deviceId, ...since3 });
  });

  it.each([
    ['nothing', '', 'truncated'],
    ['half of the platform', 'ffffffff001600', 'truncated'],
    ['half of the id length', 'ffffffff0016000d00', 'truncated'],
    ['an id of 11 bytes', `ffffffff0016000d000b${'00'.repeat(11)}`, 'malformed'],
    ['an id of 65535 bytes', 'ffffffff0016000dffff', 'malformed'],
    ['an id that ends early', `ffffffff0016000d000c${'00'.repeat(11)}`, 'truncated'],
    ['some of the fields of 3.0', 'ffffffff0016000d000018380480', 'truncated'],
  ])('refuses %s', (_what, hex, kind) => {
    expect(() => decodeHello(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ kind }));
  });

  it('is not sent with only some of the fields of 3.0', () => {
    expect(() => encodeHello({ id: 1, ...base, systemVersion: 6200 })).toThrow(WireError);
  });

  it('any bytes decode or throw WireError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => decodesOrRefuses(() => decodeHello(bytes))));
  });
});

describe('Goodbye', () => {
  const field = fc.option(fc.nat(0xffffffff), { nil: undefined });
  const goodbyes = fc.record({ cloudReason: field, resetReason: field, sleepSeconds: field, networkReason: field });

  it('comes out as it went in, with any set of fields', () => {
    fc.assert(
      fc.property(goodbyes, (goodbye) => {
        expect(decodeGoodbye(decodeCoap(encodeGoodbye({ id: 1, ...goodbye })).payload)).toEqual(goodbye);
      }),
    );
  });

  it('skips what unknown bits announce', () => {
    expect(decodeGoodbye(Uint8Array.of(0x11, 2, 99))).toMatchObject({ cloudReason: 2 });
  });

  it.each([
    ['no flags', '', 'truncated'],
    ['a missing value', '0506', 'truncated'],
    ['a number that ends early', '01ac', 'truncated'],
    ['a number above 32 bits', '018080808010', 'malformed'],
    ['a number without end', `01${'ff'.repeat(11)}`, 'malformed'],
  ])('refuses %s', (_what, hex, kind) => {
    expect(() => decodeGoodbye(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ kind }));
  });

  it('any bytes decode or throw WireError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => decodesOrRefuses(() => decodeGoodbye(bytes))));
  });
});

function decodesOrRefuses(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
  }
}
