import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoapOptionFields } from '../coap/index.ts';
import { CoapCode, CoapType, decodeCoap, encodeCoap } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import {
  classifyFromDevice,
  classifyFromServer,
  encodeDescribePost,
  encodeDescribeResponse,
  encodeGoodbye,
  encodePublish,
  encodeResponse,
  encodeSubscribe,
} from './index.ts';

function classifyHex(hex: string) {
  return classifyFromDevice(decodeCoap(Buffer.from(hex, 'hex')));
}

function request(code: number, options: CoapOptionFields[], payload: Uint8Array | string = '') {
  return decodeCoap(encodeCoap({ type: CoapType.CON, code, id: 1, options, payload }));
}

const path = (value: Uint8Array | string) => ({ number: 11, value });
const query = (value: Uint8Array | string) => ({ number: 15, value });

describe('classifyFromDevice', () => {
  it('takes the lower-case publish of Device OS up to 6.1', () => {
    expect(classifyHex('40020004b1650474656d70ff32312e35')).toMatchObject({ kind: 'publish', name: 'temp' });
  });

  it('takes an event name in one option or split at slashes', () => {
    const whole = request(CoapCode.POST, [path('E'), path('a/b/c')]);
    const split = request(CoapCode.POST, [path('E'), path('a'), path('b'), path('c')]);
    expect(classifyFromDevice(whole)).toMatchObject({ kind: 'publish', name: 'a/b/c' });
    expect(classifyFromDevice(split)).toMatchObject({ kind: 'publish', name: 'a/b/c' });
  });

  it('shows the block and the tag of a block-wise publish (≥6.3)', () => {
    const block1 = { number: 2, more: true, szx: 6 };
    const requestTag = Uint8Array.of(1, 2, 3, 4);
    const bytes = encodePublish({ id: 9, token: 5, name: 'big', data: new Uint8Array(1024), block1, requestTag });
    const message = classifyFromDevice(decodeCoap(new Uint8Array(bytes)));
    expect(message).toMatchObject({ kind: 'publish', name: 'big', token: Uint8Array.of(5), block1, requestTag });
  });

  it('keeps event data as bytes, UTF-8 or not', () => {
    const data = Buffer.from('ff00fe', 'hex');
    expect(classifyFromDevice(decodeCoap(encodePublish({ id: 1, name: 'x', data })))).toMatchObject({ data });
  });

  it.each([
    ['an event without a name', [path('E')], 'malformed'],
    ['an event with an empty name', [path('E'), path('')], 'malformed'],
    ['an event name that is not UTF-8', [path('E'), path(Uint8Array.of(0x61, 0xff))], 'malformed'],
    ['a split name with a part that is not UTF-8', [path('E'), path('ok'), path(Uint8Array.of(0xc3))], 'malformed'],
    ['a name of 65 bytes', [path('E'), path('n'.repeat(65))], 'too_large'],
    ['a split name of 65 bytes with its slashes', [path('E'), path('n'.repeat(32)), path('n'.repeat(32))], 'too_large'],
    ['a TTL of four bytes', [path('E'), path('x'), { number: 14, value: Uint8Array.of(1, 0, 0, 0) }], 'malformed'],
    [
      'a content format of three bytes',
      [path('E'), path('x'), { number: 12, value: Uint8Array.of(1, 0, 0) }],
      'malformed',
    ],
    ['a block with the reserved size', [path('E'), path('x'), { number: 27, value: Uint8Array.of(7) }], 'malformed'],
  ] as const)('refuses %s', (_what, options, kind) => {
    expect(() => classifyFromDevice(request(CoapCode.POST, [...options]))).toThrow(expect.objectContaining({ kind }));
  });

  it('takes a name of exactly 64 bytes, and of 64 bytes in fewer letters', () => {
    for (const name of ['n'.repeat(64), 'ü'.repeat(32), '\ufffd']) {
      expect(classifyFromDevice(request(CoapCode.POST, [path('E'), path(name)]))).toMatchObject({ name });
    }
  });

  it('refuses event data above 16384 bytes', () => {
    const message = (size: number) => request(CoapCode.POST, [path('E'), path('x')], new Uint8Array(size));
    expect(classifyFromDevice(message(16_384)).kind).toBe('publish');
    expect(() => classifyFromDevice(message(16_385))).toThrow(expect.objectContaining({ kind: 'too_large' }));
  });

  it.each([
    ['', { prefix: '' }],
    ['a/b', { prefix: 'a/b', accepts: 'text' }],
    ['bin', { prefix: 'bin', accepts: 'binary' }],
    ['c', { prefix: 'c', accepts: 'cbor' }],
    ['old', { prefix: 'old', ownDevicesOnly: true, deviceFilter: 'e00fce680123456789abcdef' }],
  ])('reads the subscription to "%s"', (_prefix, fields) => {
    const bytes = encodeSubscribe({ id: 6, ...fields } as Parameters<typeof encodeSubscribe>[0]);
    expect(classifyFromDevice(decodeCoap(bytes))).toMatchObject({ kind: 'subscribe', id: 6, ...fields });
  });

  it('a zero-length prefix means everything, as a missing one does', () => {
    const bare = classifyFromDevice(request(CoapCode.GET, [path('e')]));
    expect(classifyFromDevice(request(CoapCode.GET, [path('e'), path('')]))).toEqual(bare);
    expect(bare).toMatchObject({ kind: 'subscribe', prefix: '' });
  });

  it('refuses a device filter that is no device id', () => {
    expect(() => classifyFromDevice(request(CoapCode.GET, [path('e'), path('x')], 'nope'))).toThrow(WireError);
  });

  it('takes a Describe without a token, as Device OS 2.0 to 3.2 posts it', () => {
    const post = decodeCoap(encodeDescribePost({ id: 9, flags: 2, payload: '{}' }));
    expect(classifyFromDevice(post)).toMatchObject({ kind: 'describe-post', token: new Uint8Array(0), flags: 2 });
  });

  it('refuses a Describe that does not say which part it is', () => {
    expect(() => classifyFromDevice(request(CoapCode.POST, [path('d')], '{}'))).toThrow(WireError);
    expect(() => classifyFromDevice(request(CoapCode.POST, [path('d'), query('12')], '{}'))).toThrow(WireError);
  });

  it('reads a block of a Describe answer', () => {
    const block2 = { number: 1, more: true, szx: 6 };
    const bytes = encodeDescribeResponse({
      id: 3,
      token: Uint8Array.of(9),
      payload: 'x',
      contentFormat: 42,
      etag: Uint8Array.of(7),
      block2,
    });
    expect(classifyFromDevice(decodeCoap(bytes))).toMatchObject({
      kind: 'response',
      piggybacked: false,
      code: CoapCode.CONTENT,
      contentFormat: 42,
      etag: Buffer.of(7),
      block2,
    });
  });

  it('tells a Goodbye over TCP, which asks for no response', () => {
    const bytes = encodeGoodbye({ id: 10, confirmable: false, cloudReason: 2 });
    expect(bytes.toString('hex')).toBe('5002000ab178d0eaff0102');
    expect(classifyFromDevice(decodeCoap(bytes))).toMatchObject({
      kind: 'goodbye',
      confirmable: false,
      cloudReason: 2,
    });
  });

  it('hands a ledger request on as it is', () => {
    const tag = { number: 292, value: Uint8Array.of(1, 2, 3, 4) };
    const message = request(CoapCode.POST, [path('L'), { number: 27, value: Uint8Array.of(0x0e) }, tag], 'pb');
    expect(classifyFromDevice(message)).toMatchObject({
      kind: 'ledger',
      block1: { number: 0, more: true, szx: 6 },
      payload: Buffer.from('pb'),
    });
  });

  it.each([
    ['a request to nowhere', [], 'unknown'],
    ['an unknown letter', [path('Z')], 'unknown'],
    ['a path that is no letter', [path('Ex'), path('name')], 'unknown'],
  ])('%s is unsupported', (_what, options, name) => {
    const message = classifyFromDevice(request(CoapCode.POST, options));
    expect(message).toMatchObject({ kind: 'unsupported', name, code: CoapCode.POST, confirmable: true });
    expect(message).toHaveProperty('unknownCriticalOption', undefined);
  });

  it('a known letter with another method is unsupported', () => {
    expect(classifyFromDevice(request(CoapCode.PUT, [path('E'), path('x')]))).toMatchObject({ kind: 'unsupported' });
  });

  it.each([3, 7, 17, 23, 35, 2049, 65_535])('does not act on a publish with the critical option %i', (number) => {
    const message = request(CoapCode.POST, [path('E'), path('x'), { number, value: '' }]);
    expect(classifyFromDevice(message)).toMatchObject({ kind: 'unsupported', unknownCriticalOption: number });
  });

  it('ignores elective options that it does not know', () => {
    const message = request(CoapCode.POST, [path('E'), path('x'), { number: 2048, value: 'any' }]);
    expect(classifyFromDevice(message).kind).toBe('publish');
  });

  it('does not act on a response with an unknown critical option', () => {
    const hex = encodeCoap({
      type: 0,
      code: 0x44,
      id: 1,
      token: Uint8Array.of(1),
      options: [{ number: 9, value: '' }],
    });
    expect(classifyFromDevice(decodeCoap(hex))).toMatchObject({ kind: 'unsupported', unknownCriticalOption: 9 });
  });

  it.each([
    ['an empty NON', '50000001'],
    ['a RST with a code', '70450001'],
    ['a request in an ACK', '60020001b168'],
  ])('refuses %s (RFC 7252 table 1)', (_what, hex) => {
    expect(() => classifyHex(hex)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  it('tells an error in an ACK from one by itself', () => {
    const fields = { id: 5, token: Uint8Array.of(1), code: CoapCode.NOT_FOUND, payload: '{"code":-1}' };
    const piggybacked = decodeCoap(encodeResponse({ ...fields, type: CoapType.ACK }));
    const separate = decodeCoap(encodeResponse({ ...fields, type: CoapType.NON }));
    expect(classifyFromDevice(piggybacked)).toMatchObject({ kind: 'response', piggybacked: true, confirmable: false });
    expect(classifyFromDevice(separate)).toMatchObject({ kind: 'response', piggybacked: false, confirmable: false });
  });
});

describe('both classifiers', () => {
  const letters = [...'EehdtxLAcfvsk MSCFu'].map((letter) => letter.charCodeAt(0));
  const option = fc.record({
    number: fc.constantFrom(4, 11, 11, 11, 12, 14, 15, 15, 23, 27, 258, 292, 2049, 9),
    value: fc.oneof(
      fc.constantFrom(...letters).map((letter) => Uint8Array.of(letter)),
      fc.uint8Array({ maxLength: 70 }),
    ),
  });
  const anyMessage = fc.record({
    type: fc.constantFrom(...Object.values(CoapType)),
    code: fc.constantFrom(1, 2, 3, 4, 0x44, 0x45, 0x5f, 0x84),
    id: fc.nat(0xffff),
    token: fc.uint8Array({ maxLength: 8 }),
    options: fc
      .tuple(fc.constantFrom(...letters), fc.array(option, { maxLength: 4 }))
      .map(([letter, others]) => [{ number: 11, value: Uint8Array.of(letter) }, ...others]),
    payload: fc.uint8Array({ maxLength: 40 }),
  });

  it.each([
    ['classifyFromDevice', classifyFromDevice],
    ['classifyFromServer', classifyFromServer],
  ])('%s gives any message a kind or throws WireError', (_name, classify) => {
    fc.assert(
      fc.property(anyMessage, (fields) => {
        try {
          expect(classify(decodeCoap(encodeCoap(fields))).kind).toMatch(/^[a-z-]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('an event comes out as it went in', () => {
    const event = fc.record({
      id: fc.nat(0xffff),
      name: fc
        .string({ minLength: 1, maxLength: 16, unit: 'grapheme' })
        .filter((name) => Buffer.byteLength(name) <= 64),
      data: fc.uint8Array({ maxLength: 1024 }),
      contentFormat: fc.nat(0xffff),
      ttlSeconds: fc.nat(16_777_215),
      confirmable: fc.boolean(),
    });
    fc.assert(
      fc.property(event, (fields) => {
        const bytes = new Uint8Array(encodePublish(fields));
        expect(classifyFromDevice(decodeCoap(bytes))).toMatchObject({ kind: 'publish', ...fields });
      }),
    );
  });
});
