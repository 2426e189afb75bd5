import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coapVectors } from '../../vectors/coap-messages.ts';
import { WireError } from '../wire-error.ts';
import { decodeCoap, emptyAck, emptyCon, encodeCoap, reset } from './index.ts';

function decodeHex(hex: string) {
  return decodeCoap(Buffer.from(hex, 'hex'));
}

function failure(hex: string): WireError | undefined {
  try {
    decodeHex(hex);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  return undefined;
}

describe('decodeCoap', () => {
  it('reads every part of a message', () => {
    const message = decodeHex('52440102aabbb16d026162ff7f');
    expect(message.type).toBe(1);
    expect(message.code).toBe(0x44);
    expect(message.id).toBe(0x0102);
    expect(Buffer.from(message.token).toString('hex')).toBe('aabb');
    expect(message.options).toEqual([
      { number: 11, value: Buffer.from('m') },
      { number: 11, value: Buffer.from('ab') },
    ]);
    expect(message.payload).toEqual(Buffer.of(0x7f));
  });

  it('reads options with extended numbers and lengths', () => {
    const long = Buffer.alloc(300, 7);
    const decoded = decodeHex(`40020001b145dd0a00${'31'.repeat(13)}ee06e9001f${long.toString('hex')}ff09`);
    expect(decoded.options.map(({ number, value }) => [number, value.length])).toEqual([
      [11, 1],
      [34, 13],
      [34 + 0x06e9 + 269, 300],
    ]);
    expect(decoded.payload).toEqual(Buffer.of(9));
  });

  it.each([
    ['nothing', '', 'truncated'],
    ['3 bytes', '400200', 'truncated'],
    ['version 0', '00020001', 'unsupported'],
    ['version 2', '80020001', 'unsupported'],
    ['version 3', 'c0020001', 'unsupported'],
    ['a token that ends early', '44020001aabbcc', 'truncated'],
    ['an empty message with a token', '4100000107', 'malformed'],
    ['an empty message with options', '40000001b168', 'malformed'],
    ['code class 1', '40200001', 'malformed'],
    ['code class 3', '40600001', 'malformed'],
    ['code class 6', '40c00001', 'malformed'],
    ['code class 7', '40e00001', 'malformed'],
    ['option delta nibble 15', '40020001f0', 'malformed'],
    ['option length nibble 15', '400200010f', 'malformed'],
    ['an option number above 65535', '40020001e0ffff', 'malformed'],
    ['an option without its extended delta', '40020001d1', 'truncated'],
    ['an option with half of its extended delta', '40020001e001', 'truncated'],
    ['an option without its extended length', '400200010d', 'truncated'],
    ['an option value that ends early', '40020001b26d', 'truncated'],
    ['a payload marker without payload', '40020001ff', 'malformed'],
    ['a payload marker without payload after an option', '40020001b168ff', 'malformed'],
  ])('refuses %s', (_what, hex, kind) => {
    expect(failure(hex)).toMatchObject({ kind });
  });

  it.each([9, 10, 11, 12, 13, 14, 15])('refuses a token length of %i, even when the bytes are there', (length) => {
    expect(failure(`4${length.toString(16)}020001${'ab'.repeat(15)}`)).toMatchObject({ kind: 'malformed', offset: 0 });
  });

  it('takes a token of 8 bytes', () => {
    expect(decodeHex('480200010102030405060708').token).toHaveLength(8);
  });

  it('shares memory with the datagram', () => {
    const bytes = Buffer.from('40020004b1450474656d70ff32312e35', 'hex');
    const message = decodeCoap(bytes);
    bytes[15] = 0x36;
    expect(Buffer.from(message.payload).toString()).toBe('21.6');
  });

  it('takes any bytes or throws WireError, and what it takes encodes to the same bytes', () => {
    const anything = fc.uint8Array({ maxLength: 96 });
    const likely = anything.map((bytes) => Buffer.concat([Buffer.of(0x40 | ((bytes[0] ?? 0) & 0x3f), 2, 0, 1), bytes]));
    fc.assert(
      fc.property(fc.oneof(anything, likely), (bytes) => {
        let message: ReturnType<typeof decodeCoap>;
        try {
          message = decodeCoap(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          return;
        }
        expect(encodeCoap(message)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes back what encodeCoap wrote', () => {
    const option = fc.record({
      number: fc.oneof(fc.nat(40), fc.nat(0xffff)),
      value: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 250, maxLength: 300 })),
    });
    const fields = fc.record({
      type: fc.constantFrom(0, 1, 2, 3),
      code: fc.constantFrom(1, 2, 3, 0x44, 0x45, 0x5f, 0x84, 0xa3),
      id: fc.nat(0xffff),
      token: fc.uint8Array({ maxLength: 8 }),
      options: fc.array(option, { maxLength: 8 }),
      payload: fc.uint8Array({ maxLength: 64 }),
    });
    fc.assert(
      fc.property(fields, (message) => {
        const decoded = decodeCoap(encodeCoap(message as Parameters<typeof encodeCoap>[0]));
        const sorted = message.options.toSorted((a, b) => a.number - b.number);
        expect({
          ...decoded,
          options: decoded.options.map(plainOption),
          token: plain(decoded.token),
          payload: plain(decoded.payload),
        }).toEqual({
          ...message,
          options: sorted.map(plainOption),
          token: plain(message.token),
          payload: plain(message.payload),
        });
      }),
    );
  });

  it.each(coapVectors)('keeps $name byte for byte', ({ hex, length }) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(bytes).toHaveLength(length);
    expect(encodeCoap(decodeCoap(bytes)).toString('hex')).toBe(hex);
  });
});

describe('encodeCoap', () => {
  it('writes strings as UTF-8', () => {
    const bytes = encodeCoap({ type: 0, code: 2, id: 1, options: [{ number: 11, value: 'ü' }], payload: '°' });
    expect(bytes.toString('hex')).toBe('40020001b2c3bcffc2b0');
  });

  it('puts options in order and keeps repeated ones in theirs', () => {
    const options = [
      { number: 15, value: 'q' },
      { number: 11, value: 'b' },
      { number: 11, value: 'a' },
    ];
    expect(encodeCoap({ type: 0, code: 2, id: 1, options }).toString('hex')).toBe('40020001b16201614171');
  });

  it('leaves the marker out for an empty payload', () => {
    expect(encodeCoap({ type: 0, code: 2, id: 1, payload: '' })).toHaveLength(4);
  });

  it.each([
    ['a token of 9 bytes', { token: new Uint8Array(9) }],
    ['an id of 65536', { id: 65_536 }],
    ['a negative id', { id: -1 }],
    ['code class 1', { code: 0x20 }],
    ['an empty message with a payload', { code: 0, payload: 'x' }],
    ['an option number of 65536', { options: [{ number: 65_536, value: '' }] }],
  ])('refuses %s', (_what, change) => {
    expect(() => encodeCoap({ type: 0, code: 2, id: 1, ...change })).toThrow(WireError);
  });

  it('makes the three empty messages', () => {
    expect(emptyAck(0x1234).toString('hex')).toBe('60001234');
    expect(emptyCon(0xffff).toString('hex')).toBe('4000ffff');
    expect(reset(0).toString('hex')).toBe('70000000');
    expect(encodeCoap({ type: 2, code: 0, id: 0x1234 })).toEqual(emptyAck(0x1234));
  });
});

function plain(bytes: Uint8Array): number[] {
  return [...bytes];
}

function plainOption({ number, value }: { number: number; value: Uint8Array }) {
  return { number, value: plain(value) };
}
