import type { Grid } from './grid.ts';

/** How hard a symbol is to read; the mask with the least is taken (ISO/IEC 18004 section 7.8.3). */
export function penaltyOf(grid: Grid): number {
  const { size } = grid;
  let penalty = 0;
  let dark = 0;
  for (let line = 0; line < size; line += 1) {
    penalty += penaltyOfLine(Array.from({ length: size }, (_, at) => grid.get(at, line) === true));
    penalty += penaltyOfLine(Array.from({ length: size }, (_, at) => grid.get(line, at) === true));
    for (let at = 0; at < size; at += 1) {
      const own = grid.get(at, line);
      if (own === true) dark += 1;
      const isSquare =
        own === grid.get(at + 1, line) && own === grid.get(at, line + 1) && own === grid.get(at + 1, line + 1);
      if (isSquare) penalty += 3;
    }
  }
  return penalty + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}

const RUN = /([01])\1{4,}/g;
/** What looks like a finder pattern, with its light side. */
const FINDER = /(?=0000(1011101))|(?=(1011101)0000)/g;

function penaltyOfLine(modules: readonly boolean[]): number {
  const line = modules.map(Number).join('');
  const runs = [...line.matchAll(RUN)].reduce((sum, [run]) => sum + run.length - 2, 0);
  return runs + [...line.matchAll(FINDER)].length * 40;
}
