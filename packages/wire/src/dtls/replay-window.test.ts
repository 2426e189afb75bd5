import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReplayWindow } from './replay-window.ts';

it('tells apart 64 numbers, the highest and the 63 below it', () => {
  const window = new ReplayWindow();
  window.mark(100);
  expect(window.admits(100)).toBe(false);
  expect(window.admits(101)).toBe(true);
  expect(window.admits(37)).toBe(true);
  expect(window.admits(36)).toBe(false);
  for (const sequence of [37, 68, 69, 99]) {
    window.mark(sequence);
    expect(window.admits(sequence)).toBe(false);
  }
  expect(window.admits(67)).toBe(true);
  expect(window.top).toBe(100);
});

it.each([1, 31, 32, 33, 63, 64, 65, 2 ** 40])('remembers across a jump of %i', (jump) => {
  const window = new ReplayWindow();
  for (const sequence of [10, 12]) window.mark(sequence);
  window.mark(12 + jump);
  expect(window.admits(12)).toBe(false);
  expect(window.admits(10)).toBe(false);
  expect(window.admits(11)).toBe(jump + 1 < 64);
});

it('is as good as a set of all numbers, through storing and loading', () => {
  const arrivals = fc.array(
    fc.oneof(
      fc.nat(200),
      fc.nat({ max: 70 }).map((n) => 2 ** 40 + n),
    ),
    { maxLength: 100 },
  );
  fc.assert(
    fc.property(arrivals, (sequences) => {
      const seen = new Set<number>();
      let window = new ReplayWindow();
      for (const sequence of sequences) {
        const top = Math.max(-1, ...seen);
        expect(window.top).toBe(top);
        const fresh = !seen.has(sequence) && sequence > top - 64;
        expect(window.admits(sequence)).toBe(fresh);
        if (fresh) {
          window.mark(sequence);
          seen.add(sequence);
        }
        window = new ReplayWindow(window.top, window.bits);
      }
    }),
  );
});
