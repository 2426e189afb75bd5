import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandsFor } from '../src/commands/index.ts';

const commands = await commandsFor(undefined);
const page = readFileSync(new URL('../../../docs/cli/compatibility.md', import.meta.url), 'utf8');
/** CLI-01 to CLI-80, and what else concerns the command line. */
const all = [
  ...Array.from({ length: 80 }, (_, at) => `CLI-${String(at + 1).padStart(2, '0')}`),
  'CON-23',
  'CON-24',
  'MSG-20',
  ...Array.from({ length: 10 }, (_, at) => `NET-${String(at + 1).padStart(2, '0')}`),
];

/** The rows that the first cells of tables name: `CLI-22 to CLI-27` is six. */
function rowsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const cell = /^\| ([A-Z]{3}-\d[^|]*) \|/.exec(line)?.[1] ?? '';
    return cell.split(', ').flatMap((part) => {
      const [, kind = '', first = '', last = first] = /^([A-Z]+-)(\d+)(?: to [A-Z]+-(\d+))?$/.exec(part) ?? [];
      const count = Number(last) - Number(first) + 1;
      return kind === ''
        ? []
        : Array.from({ length: count }, (_, at) => `${kind}${String(Number(first) + at).padStart(2, '0')}`);
    });
  });
}

describe('docs/cli/compatibility.md', () => {
  const listed = rowsOf(page);

  it('has every row of the checklist for the command line', () => {
    expect(all.filter((row) => !listed.includes(row))).toEqual([]);
  });

  it('has no row that there is not', () => {
    expect(listed.filter((row) => row.startsWith('CLI-') && !all.includes(row))).toEqual([]);
  });

  it('has every row that a command says it fulfils', () => {
    const claimed = commands.flatMap(({ rows = [] }) => rows);
    expect(claimed.filter((row) => !listed.includes(row))).toEqual([]);
  });
});
