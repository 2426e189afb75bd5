import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import type { BlockResult } from './index.ts';
import { BlockAssembler, blockSize, CoapCode, decodeBlock, encodeBlock } from './index.ts';

describe('a block option', () => {
  it.each([
    ['0e', { number: 0, more: true, szx: 6 }],
    ['', { number: 0, more: false, szx: 0 }],
    ['16', { number: 1, more: false, szx: 6 }],
    ['1008', { number: 256, more: true, szx: 0 }],
    ['fffffe', { number: 1_048_575, more: true, szx: 6 }],
  ])('%s', (hex, block) => {
    expect(decodeBlock(Buffer.from(hex, 'hex'))).toEqual(block);
    expect(Buffer.from(encodeBlock(block)).toString('hex')).toBe(hex);
  });

  it('is refused with the reserved size exponent 7, or above 3 bytes', () => {
    expect(() => decodeBlock(Uint8Array.of(0x07))).toThrow(WireError);
    expect(() => decodeBlock(Uint8Array.of(0, 0, 0, 6))).toThrow(WireError);
    expect(() => encodeBlock({ number: 0, more: false, szx: 7 })).toThrow(WireError);
    expect(() => encodeBlock({ number: 1_048_576, more: false, szx: 6 })).toThrow(WireError);
  });

  it('any bytes decode or throw WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5 }), (bytes) => {
        try {
          const block = decodeBlock(bytes);
          expect(decodeBlock(encodeBlock(block))).toEqual(block);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});

describe('BlockAssembler', () => {
  function send(assembler: BlockAssembler, body: Uint8Array, szx: number): BlockResult {
    const size = blockSize(szx);
    let result: BlockResult = { kind: 'continue' };
    for (let number = 0; number === 0 || number * size < body.length; number++) {
      const piece = body.subarray(number * size, (number + 1) * size);
      result = assembler.feed({ number, more: (number + 1) * size < body.length, szx }, piece);
    }
    return result;
  }

  const rejected = (code: number) => ({ kind: 'rejected', code });

  it('puts any body together, at any block size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(6), (body, szx) => {
        expect(send(new BlockAssembler(400), body, szx)).toEqual({ kind: 'complete', payload: Buffer.from(body) });
      }),
    );
  });

  it('takes a body of exactly the limit and refuses one byte more', () => {
    expect(send(new BlockAssembler(16_384), new Uint8Array(16_384), 6).kind).toBe('complete');
    expect(send(new BlockAssembler(16_384), new Uint8Array(16_385), 6)).toEqual(
      rejected(CoapCode.REQUEST_ENTITY_TOO_LARGE),
    );
  });

  it('holds nothing after a refusal', () => {
    const assembler = new BlockAssembler(40);
    assembler.feed({ number: 0, more: true, szx: 0 }, new Uint8Array(16));
    assembler.feed({ number: 1, more: true, szx: 0 }, new Uint8Array(16));
    expect(assembler.size).toBe(32);
    expect(assembler.feed({ number: 2, more: true, szx: 0 }, new Uint8Array(16))).toEqual(
      rejected(CoapCode.REQUEST_ENTITY_TOO_LARGE),
    );
    expect(assembler.size).toBe(0);
  });

  it('refuses a block that is left out, repeated or comes first', () => {
    const next = { more: true, szx: 0 };
    for (const numbers of [[1], [0, 2], [0, 1, 1]]) {
      const assembler = new BlockAssembler(100);
      const results = numbers.map((number) => assembler.feed({ number, ...next }, new Uint8Array(16)));
      expect(results.at(-1)).toEqual(rejected(CoapCode.REQUEST_ENTITY_INCOMPLETE));
    }
  });

  it('refuses a block that does not have its size', () => {
    const assembler = new BlockAssembler(100);
    expect(assembler.feed({ number: 0, more: true, szx: 0 }, new Uint8Array(15))).toEqual(
      rejected(CoapCode.BAD_OPTION),
    );
    expect(assembler.feed({ number: 0, more: false, szx: 0 }, new Uint8Array(17))).toEqual(
      rejected(CoapCode.BAD_OPTION),
    );
  });

  it('starts over with block 0', () => {
    const assembler = new BlockAssembler(100);
    assembler.feed({ number: 0, more: true, szx: 0 }, new Uint8Array(16).fill(1));
    assembler.feed({ number: 0, more: true, szx: 0 }, new Uint8Array(16).fill(2));
    expect(assembler.feed({ number: 1, more: false, szx: 0 }, Uint8Array.of(3))).toEqual({
      kind: 'complete',
      payload: Buffer.concat([Buffer.alloc(16, 2), Buffer.of(3)]),
    });
  });

  it('keeps copies', () => {
    const assembler = new BlockAssembler(100);
    const piece = new Uint8Array(16).fill(1);
    assembler.feed({ number: 0, more: true, szx: 0 }, piece);
    piece.fill(9);
    expect(assembler.feed({ number: 1, more: false, szx: 0 }, new Uint8Array(0))).toEqual({
      kind: 'complete',
      payload: Buffer.alloc(16, 1),
    });
  });
});
