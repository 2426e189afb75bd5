import { countsTable } from '../harness/compatibility-page.ts';

export interface Row {
  readonly group: string;
  readonly name: string;
  readonly result: 'works' | 'not yet' | 'not applicable';
  readonly note: string;
}

const RESULTS = ['works', 'not yet', 'not applicable'] as const;

/** What docs/compatibility.md says of the methods. */
export function methodsChapter(version: string, rows: readonly Row[]): string {
  const counts = countsTable(
    'Methods',
    RESULTS,
    rows.map(({ result }) => ({ result, names: 1 })),
  );
  const lines = rows.map(({ name, group, result, note }) => `| \`${name}\` | ${group} | ${result} | ${note} |`);
  return `Every public method of [particle-api-js](https://github.com/particle-iot/particle-api-js) ${version}, called on this server by
\`e2e/particle-api-js/compatibility.test.ts\`. That test writes this chapter; in CI it fails when the chapter says something else.

${counts}

- **works**: the test called it for real, in its own account, a product and an organization where the method has them, and looked at what came back.
  A note says which of its options are refused.
- **not yet**: the server answers a refusal in JSON that the client shows.
- **not applicable**: there is nothing on a server of your own that the method could be about; refused in JSON as well.

| Method | Group | Result | Note |
|---|---|---|---|
${lines.join('\n')}`;
}
