import type { SessionProgress } from '@cloudchamber/gateway';
import { BytesError, ByteWriter } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeProgress, encodeProgress, visitMarks, writeMark } from './session-mark.ts';

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

describe('the progress of a session', () => {
  it('is read as it was written, and is short', () => {
    fc.assert(
      fc.property(progress, (value) => {
        const bytes = encodeProgress(value);
        expect(decodeProgress(bytes)).toEqual(value);
        expect(bytes.length).toBeLessThanOrEqual(120);
      }),
    );
  });

  it('of another version is not read, and a damaged one is refused', () => {
    const [bytes] = fc.sample(progress, 1).map(encodeProgress);
    const other = Buffer.from(bytes!);
    other[0] = 2;
    expect(decodeProgress(other)).toBeUndefined();
    expect(() => decodeProgress(bytes!.subarray(0, 20))).toThrow(BytesError);
  });

  it('is found in the marks of a commit, each by the id of its session', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(u48, progress)), (marks) => {
        const writer = new ByteWriter();
        for (const [id, value] of marks) writeMark(writer, id, value);
        const found: [number, SessionProgress][] = [];
        visitMarks(writer.finish(), (id, value) => found.push([id, value]));
        expect(found).toEqual(marks);
      }),
    );
  });
});
