import { seededEntropy } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import { AesFrames, MAX_FRAME_MESSAGE } from './aes-frames.ts';
import { readCredentials } from './credentials.ts';

const credentials = readCredentials(seededEntropy(1).bytes(40));
const pair = (): [AesFrames, AesFrames] => [new AesFrames(credentials), new AesFrames(credentials)];
const all = (frames: AesFrames, bytes: Uint8Array): Buffer[] => [...frames.open(bytes)];

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.kind;
    throw error;
  }
  return 'no error';
}

describe('frames on TCP', () => {
  it('bring messages over in order, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: MAX_FRAME_MESSAGE }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 10 }),
        (messages, cuts) => {
          const [from, to] = pair();
          const stream = Buffer.concat(messages.map((message) => from.seal(message)));
          const received: Buffer[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const piece = stream.subarray(at, at + cuts[turn % cuts.length]!);
            at += piece.length;
            received.push(...to.open(piece));
          }
          expect(received.map((message) => message.toString('hex'))).toEqual(
            messages.map((message) => Buffer.from(message).toString('hex')),
          );
          expect(to.partial).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are a length and ciphertext with 1 to 16 bytes of padding', () => {
    const [from] = pair();
    for (const [length, ciphertext] of [
      [0, 16],
      [4, 16],
      [15, 16],
      [16, 32],
      [1152, 1168],
    ] as const) {
      const frame = from.seal(Buffer.alloc(length));
      expect(frame.readUInt16BE()).toBe(ciphertext);
      expect(frame).toHaveLength(2 + ciphertext);
    }
    expect(kindOf(() => from.seal(Buffer.alloc(1153)))).toBe('too_large');
  });

  it('go on with the first block of the ciphertext before as IV', () => {
    const [from, to] = pair();
    const frames = [from.seal(Buffer.alloc(40, 1)), from.seal(Buffer.alloc(40, 1))];
    expect(frames[0]).not.toEqual(frames[1]);
    expect(all(to, frames[0]!)).toEqual([Buffer.alloc(40, 1)]);
    // The frame before once more: its first block comes out as noise, the rest as it was.
    const [again] = all(to, frames[0]!);
    expect(again?.subarray(16)).toEqual(Buffer.alloc(24, 1));
    expect(again?.subarray(0, 16)).not.toEqual(Buffer.alloc(16, 1));
  });

  it('go on after a cool-down', () => {
    const [from, to] = pair();
    all(to, from.seal(Buffer.from('one')));
    from.coolDown();
    to.coolDown();
    expect(all(to, from.seal(Buffer.from('two')))).toEqual([Buffer.from('two')]);
  });

  it.each([
    ['0000', 'malformed'],
    ['0001', 'malformed'],
    ['0011', 'malformed'],
    ['04a0', 'too_large'],
    ['ffff', 'too_large'],
  ])('of length %s are refused before their content arrives: %s', (length, kind) => {
    expect(kindOf(() => all(pair()[1], Buffer.from(length, 'hex')))).toBe(kind);
  });

  it('of the largest length are waited for', () => {
    const [, to] = pair();
    expect(all(to, Buffer.from('0490', 'hex'))).toEqual([]);
    expect(to.partial).toBe(true);
  });

  it('hand over what was complete before wrong padding shows', () => {
    const [from, to] = pair();
    const good = from.seal(Buffer.from('good'));
    const bad = from.seal(Buffer.alloc(31, 1));
    // The block before the last garbles the padding in the last one.
    bad[2 + 15]! ^= 0x55;
    const messages = to.open(Buffer.concat([good, bad]));
    expect(messages.next().value).toEqual(Buffer.from('good'));
    expect(kindOf(() => messages.next())).toBe('unauthenticated');
  });

  it('of any bytes are messages or a WireError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (pieces) => {
        const [, to] = pair();
        expect(['no error', 'malformed', 'too_large', 'unauthenticated']).toContain(
          kindOf(() => pieces.map((piece) => all(to, piece))),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
