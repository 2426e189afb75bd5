const MOST = 3;

/**
 * The names that come nearest to what was typed: those that contain it or begin like it, then those that a few typing errors lead to. In any case.
 * @returns at most three, the nearest first
 */
export function nearMisses(typed: string, names: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, MOST)
    .map(({ name }) => name);
}

function distanceOf(wanted: string, name: string): number {
  const contains = wanted.length > 2 && name.includes(wanted);
  return contains ? 0 : edits(wanted, name);
}

/** Letters to insert, remove or replace to come from one to the other. */
function edits(from: string, to: string): number {
  const target = [...to];
  let row = Array.from({ length: target.length + 1 }, (_, at) => at);
  [...from].forEach((letter, at) => {
    const next = [at + 1];
    target.forEach((other, column) => {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}
