import { Grid } from './grid.ts';

/** The centres of alignment patterns, across and down (ISO/IEC 18004 annex E). */
function alignmentsOf(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const last = version * 4 + 10;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => last - step * (count - 2 - at))];
}

/** A symbol with its patterns and its version, and without format and data (ISO/IEC 18004 sections 6.3 and 7.10). */
export function drawPatterns(version: number): Grid {
  const grid = new Grid(version * 4 + 17);
  const { size } = grid;
  for (let at = 0; at < size; at += 1) {
    grid.set(6, at, at % 2 === 0);
    grid.set(at, 6, at % 2 === 0);
  }
  const corners: readonly (readonly [number, number])[] = [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ];
  for (const [x, y] of corners) grid.setRings(x, y, 4, (distance) => distance !== 2 && distance !== 4);
  const centres = alignmentsOf(version);
  for (const x of centres) {
    for (const y of centres) {
      const isCorner = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);
      if (!isCorner) grid.setRings(x, y, 2, (distance) => distance !== 1);
    }
  }
  drawFormat(grid, 0);
  if (version >= 7) drawVersion(grid, version);
  return grid;
}

/** Which mask of the eight is used, at level M, twice (ISO/IEC 18004 section 7.9). */
export function drawFormat(grid: Grid, mask: number): void {
  const { size } = grid;
  // The two bits of level M are 00.
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412;
  const isDark = (bit: number) => ((bits >>> bit) & 1) === 1;
  for (let bit = 0; bit <= 5; bit += 1) grid.set(8, bit, isDark(bit));
  grid.set(8, 7, isDark(6));
  grid.set(8, 8, isDark(7));
  grid.set(7, 8, isDark(8));
  for (let bit = 9; bit < 15; bit += 1) grid.set(14 - bit, 8, isDark(bit));
  for (let bit = 0; bit < 8; bit += 1) grid.set(size - 1 - bit, 8, isDark(bit));
  for (let bit = 8; bit < 15; bit += 1) grid.set(8, size - 15 + bit, isDark(bit));
  grid.set(8, size - 8, true);
}

function drawVersion(grid: Grid, version: number): void {
  const bits = (version << 12) | remainder(version, 12, 0x1f25);
  for (let bit = 0; bit < 18; bit += 1) {
    const dark = ((bits >>> bit) & 1) === 1;
    const along = Math.floor(bit / 3);
    const across = grid.size - 11 + (bit % 3);
    grid.set(across, along, dark);
    grid.set(along, across, dark);
  }
}

/** The check bits of a BCH code. @param polynomial with its highest bit */
function remainder(value: number, bits: number, polynomial: number): number {
  let rest = value;
  for (let at = 0; at < bits; at += 1) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * polynomial);
  return rest;
}
