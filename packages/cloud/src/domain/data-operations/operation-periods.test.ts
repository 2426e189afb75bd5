import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginOf, beginOfMonth, partsOf } from './operation-periods.ts';

const at = (text: string) => Date.parse(text);

describe('periods of data operations', () => {
  it.each([
    ['hour', '2024-02-29T23:59:59.999Z', '2024-02-29T23:00:00.000Z'],
    ['day', '2024-02-29T23:59:59.999Z', '2024-02-29T00:00:00.000Z'],
    ['month', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00.000Z'],
    ['month', '2024-03-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ] as const)('the %s of %s begins at %s', (period, time, begin) => {
    expect(beginOf(period, at(time))).toBe(at(begin));
  });

  it.each([
    ['2026-02-03', 0, '2026-02-01'],
    ['2026-02-03', 1, '2026-01-01'],
    ['2026-02-03', 2, '2025-12-01'],
    ['2026-02-28', 13, '2025-01-01'],
    ['2026-12-31', 13, '2025-11-01'],
  ])('%s, %d months before: %s', (time, before, begin) => {
    expect(beginOfMonth(at(time), before)).toBe(at(begin));
  });

  it('parts follow each other, and none is in two periods', () => {
    const hour = 3_600_000;
    const range = fc.record({ start: fc.nat(500_000), length: fc.nat(2000) });
    fc.assert(
      fc.property(fc.constantFrom('hour', 'day', 'month'), range, (by, { start, length }) => {
        const end = (start + length) * hour;
        const parts = [...partsOf(by, { start: start * hour, end })];
        let next = start * hour;
        for (const part of parts) {
          expect(part.start).toBe(next);
          expect(part.end).toBeGreaterThan(part.start);
          expect(beginOf(by, part.end - 1)).toBe(beginOf(by, part.start));
          next = part.end;
        }
        expect(next).toBe(end);
      }),
    );
  });
});
