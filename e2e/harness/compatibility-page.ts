import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const PAGE = new URL('../../docs/compatibility.md', import.meta.url);
/** What the project's own command line does of the checklist. */
export const CLI_PAGE = new URL('../../docs/cli/compatibility.md', import.meta.url);

/**
 * Asserts that a chapter of docs/compatibility.md says what a test has found, and outside of CI makes it say so.
 * @param client the chapter's heading: the name of a published client
 * @param text what stands below it, without headings of its level
 * @param path another page than docs/compatibility.md
 */
export function expectChapter(client: string, text: string, path: URL = PAGE): void {
  if (process.env.CI === undefined) writeFileSync(path, withChapter(readFileSync(path, 'utf8'), client, text));
  const page = readFileSync(path, 'utf8');
  expect(page).toBe(withChapter(page, client, text));
}

function withChapter(page: string, client: string, text: string): string {
  const [head = '', ...chapters] = page.split(/^(?=## )/m);
  const chapter = `## ${client}\n\n${text.trim()}\n`;
  const at = chapters.findIndex((candidate) => candidate.startsWith(`## ${client}\n`));
  const others = at < 0 ? [...chapters, chapter] : chapters.with(at, chapter);
  return [head, ...others].map((part) => `${part.trim()}\n`).join('\n');
}

/** The first table of a chapter: how many of `all` came to each result. */
export function countsTable<Result extends string>(
  what: string,
  results: readonly Result[],
  all: ReadonlyArray<{ readonly result: Result; readonly names: number }>,
): string {
  const count = (rows: typeof all) => rows.reduce((sum, { names }) => sum + names, 0);
  const lines = results.map((result) => `| ${result} | ${count(all.filter((row) => row.result === result))} |`);
  return [`| Result | ${what} |`, '|---|---|', ...lines, `| all | ${count(all)} |`].join('\n');
}
