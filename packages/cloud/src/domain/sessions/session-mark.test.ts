import type { SessionProgress } from '@cloudchamber/gateway';
import { BytesError } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMark, encodeMark } from './session-mark.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u48 = fc.integer({ min: 0, max: 2 ** 48 - 1 });

const progress: fc.Arbitrary<SessionProgress> = fc.record({
  readTop: u48.map((value) => value - 1),
  readWindow: fc.tuple(u32, u32),
  writeCeiling: u48,
  address: fc.oneof(fc.ipV4(), fc.ipV6()),
  port: u16,
  heardAt: u48,
  offline: fc.constantFrom(undefined, 'goodbye', 'silent', 'replaced', 'session_ended', 'unresponsive'),
  silenceAllowedMs: u32,
  subscribed: fc.boolean(),
  nextMessageId: fc.option(u16, { nil: undefined }),
  published: fc.oneof(fc.constant({ top: -1, high: 0, low: 0 }), fc.record({ top: u16, high: u32, low: u32 })),
});

describe('a mark', () => {
  it('is read as it was written, and is short', () => {
    fc.assert(
      fc.property(progress, (value) => {
        const mark = encodeMark(value);
        expect(decodeMark(mark)).toEqual(value);
        expect(mark.length).toBeLessThanOrEqual(120);
      }),
    );
  });

  it('of another version is not read, and a damaged one is refused', () => {
    const [mark] = fc.sample(progress, 1).map(encodeMark);
    const other = Buffer.from(mark!);
    other[0] = 2;
    expect(decodeMark(other)).toBeUndefined();
    expect(() => decodeMark(mark!.subarray(0, 20))).toThrow(BytesError);
  });
});
