import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReservedName } from '../devices/index.ts';
import { eventNameFault } from './event-name.ts';

describe('eventNameFault', () => {
  it.each(['a', 'hook-response/weather/0', 'x'.repeat(64), 'é'.repeat(32), '温度'])('takes %j', (name) => {
    expect(eventNameFault(name)).toBeUndefined();
  });

  it.each(['', 'x'.repeat(65), 'é'.repeat(33), 'a\nb', 'a\rb', 'a\0', '\u0085', '\x7f'])('refuses %j', (name) => {
    expect(eventNameFault(name)).toEqual(expect.any(String));
  });

  it('takes any text of 1 to 64 bytes without control characters, and no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (name) => {
        const bytes = Buffer.byteLength(name);
        const good = bytes >= 1 && bytes <= 64 && !/\p{Cc}/u.test(name);
        expect(eventNameFault(name) === undefined).toBe(good);
      }),
    );
  });
});

describe('isReservedName', () => {
  it.each(['spark', 'spark/status', 'SPARK/x', 'particle/device/name', 'Particleboard'])(
    'reserves %s (MSG-17)',
    (name) => {
      expect(isReservedName(name)).toBe(true);
    },
  );

  it.each(['', 's', 'sparc', 'my/spark', 'part', 'temperature'])('leaves %j alone', (name) => {
    expect(isReservedName(name)).toBe(false);
  });
});
