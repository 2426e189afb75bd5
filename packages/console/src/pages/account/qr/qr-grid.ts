import { encodeText } from './codewords.ts';
import type { Grid } from './grid.ts';
import { drawFormat, drawPatterns } from './patterns.ts';
import { penaltyOf } from './penalty.ts';

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * A text as a QR code of level M (ISO/IEC 18004).
 * @returns its modules without the light border, which is four modules wide
 * @throws Error for a text of more than 666 bytes in UTF-8
 */
export function qrGrid(text: string): Grid {
  const { version, codewords } = encodeText(text);
  const patterns = drawPatterns(version);
  let best: Grid | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [mask, flips] of MASKS.entries()) {
    const grid = patterns.copy();
    drawFormat(grid, mask);
    drawData(grid, codewords, flips);
    const penalty = penaltyOf(grid);
    if (penalty < least) [best, least] = [grid, penalty];
  }
  return best ?? patterns;
}

/** Fills the free modules in columns of two from the right, upwards and downwards in turn (ISO/IEC 18004 section 7.7.3). */
function drawData(grid: Grid, codewords: readonly number[], flips: (x: number, y: number) => boolean): void {
  const { size } = grid;
  let bit = 0;
  let upwards = true;
  for (let right = size - 1; right >= 1; right -= 2) {
    // The column of the timing pattern is left out.
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.get(x, y) !== undefined) continue;
        const byte = codewords[bit >>> 3] ?? 0;
        grid.set(x, y, (((byte >>> (7 - (bit & 7))) & 1) === 1) !== flips(x, y));
        bit += 1;
      }
    }
    upwards = !upwards;
  }
}
