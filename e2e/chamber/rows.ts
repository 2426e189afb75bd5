import { describe, expect, it } from 'vitest';
import { CLI_PAGE, expectChapter } from '../harness/compatibility-page.ts';

/** A row of the checklist, or several, and what was run to see that it holds. */
export interface Row {
  /** Such as `CLI-04`. */
  readonly ids: readonly string[];
  /** What holds, in words for the page: a sentence without a full stop. */
  readonly what: string;
  /** What a reader must know besides, such as that it was never run on hardware. */
  readonly note?: string;
  run(): Promise<void>;
}

/** A bound on hanging: some install programs. */
const LONGEST_MS = 240_000;

/** Tests a chapter's rows, one after the other, and holds docs/cli/compatibility.md against what passed; outside of CI it writes it. */
export function describeRows(chapter: string, rows: readonly Row[]): void {
  describe(chapter, () => {
    const passed = new Set<Row>();
    const titled = rows.map((row) => ({ title: `${row.ids.join(', ')}: ${row.what}`, row }));
    it.each(titled)(
      '$title',
      async ({ row }) => {
        await row.run();
        passed.add(row);
      },
      LONGEST_MS,
    );
    it('is what docs/cli/compatibility.md says', () => {
      expect(passed.size).toBe(rows.length);
      const lines = rows.map(({ ids, what, note = '' }) => `| ${ids.join(', ')} | ${what} | ${note} |`);
      expectChapter(chapter, ['| Rows | What holds | Note |', '|---|---|---|', ...lines].join('\n'), CLI_PAGE);
    });
  });
}
