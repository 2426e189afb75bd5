import type { SessionSecrets } from '@cloudchamber/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from './digest.ts';
import { memoryStorage } from './session-storage.ts';
import { decodeSession, encodeSession, loadSession, newProgress } from './stored-session.ts';

const BINDING = digest('one');
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const sequence = fc.integer({ min: 0, max: 2 ** 48 - 0x10000 - 1 });
const anyDigest = bytes(4).map((content) => digest(content));

const anySecrets: fc.Arbitrary<SessionSecrets> = fc.record({
  cid: fc.oneof(bytes(8), bytes(0)),
  clientKey: bytes(16),
  serverKey: bytes(16),
  clientIv: bytes(4),
  serverIv: bytes(4),
  peerSpki: bytes(91),
  readTop: sequence.map((value) => value - 1),
  readWindow: fc.tuple(uint32, uint32),
  writeSequence: sequence,
});
const anyProgress = fc.record({
  resumes: fc.integer({ min: 0, max: 2 }),
  nextMessageId: fc.integer({ min: 0, max: 0xffff }),
  systemDigest: anyDigest,
  applicationDigest: anyDigest,
  subscriptionsDigest: anyDigest,
});

describe('a stored session', () => {
  it('comes back as it was, except that its records go on 65,536 later', () => {
    fc.assert(
      fc.property(anySecrets, anyProgress, (secrets, progress) => {
        const stored = decodeSession(BINDING, encodeSession(BINDING, secrets, progress));
        expect(stored?.progress).toEqual(progress);
        const { writeSequence, ...rest } = stored?.secrets ?? { writeSequence: -1 };
        expect(writeSequence).toBe(secrets.writeSequence + 0x10000);
        for (const [key, value] of Object.entries(rest)) {
          const expected = secrets[key as keyof SessionSecrets];
          expect(value instanceof Uint8Array ? Buffer.from(value) : value).toEqual(
            expected instanceof Uint8Array ? Buffer.from(expected) : expected,
          );
        }
      }),
    );
  });

  it('always has the same length', () => {
    fc.assert(
      fc.property(anySecrets, anyProgress, (secrets, progress) => {
        expect(encodeSession(BINDING, secrets, progress)).toHaveLength(encoded().length);
      }),
    );
  });

  it('is nothing when it is of another binding, cut short, longer, or any other bytes', () => {
    expect(decodeSession(digest('two'), encoded())).toBeUndefined();
    expect(decodeSession(BINDING, encoded().subarray(0, -1))).toBeUndefined();
    expect(decodeSession(BINDING, Buffer.concat([encoded(), Buffer.of(0)]))).toBeUndefined();
    expect(decodeSession(BINDING, new Uint8Array())).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        expect(decodeSession(BINDING, any)).toBeUndefined();
      }),
    );
  });

  it('is given up, and erased, after three resumes without an answer', () => {
    const storage = memoryStorage();
    storage.save(encoded(2));
    expect(loadSession(storage, BINDING)?.progress.resumes).toBe(2);
    storage.save(encoded(3));
    expect(loadSession(storage, BINDING)).toBeUndefined();
    expect(storage.load()).toBeUndefined();
    expect(loadSession(storage, BINDING)).toBeUndefined();
  });
});

function encoded(resumes = 0): Buffer {
  const secrets: SessionSecrets = {
    cid: new Uint8Array(8),
    clientKey: new Uint8Array(16),
    serverKey: new Uint8Array(16),
    clientIv: new Uint8Array(4),
    serverIv: new Uint8Array(4),
    peerSpki: new Uint8Array(91),
    readTop: 3,
    readWindow: [0, 15],
    writeSequence: 5,
  };
  return encodeSession(BINDING, secrets, { ...newProgress(), resumes });
}
