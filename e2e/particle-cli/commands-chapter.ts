import { countsTable } from '../harness/compatibility-page.ts';
import type { Command, Result } from './commands/command.ts';

export interface Row extends Pick<Command, 'names' | 'result' | 'note'> {
  readonly group: string;
}

const RESULTS: readonly Result[] = ['works', 'not yet', 'needs USB', 'no cloud', 'not applicable'];

/** What docs/compatibility.md says of the commands. */
export function commandsChapter(version: string, rows: readonly Row[]): string {
  const counts = countsTable(
    'Commands',
    RESULTS,
    rows.map(({ names, result }) => ({ result, names: names.length })),
  );
  const lines = rows.map(({ names, group, result, note }) => {
    return `| ${names.map((name) => `\`${name}\``).join(', ')} | ${group} | ${result} | ${note} |`;
  });
  return `Every command of [particle-cli](https://github.com/particle-iot/particle-cli) ${version}, the program itself unchanged, by
\`e2e/particle-cli/commands.test.ts\`. Three packages under it (\`binary-version-reader\`, \`particle-commands\`, \`particle-library-manager\`) are one release older than it asks
for: newer ones were not in the registry when \`e2e/clients\` was locked. That test writes this chapter; in CI it fails when the chapter says something else. [particle-cli.md](particle-cli.md) says how to point the program at
your cloud.

${counts}

- **works**: the test typed it and looked at what was printed and at what the cloud and the device made of it.
- **not yet**: the server refuses, and the program prints that.
- **needs USB**: it talks to a device on a cable; the test has none.
- **no cloud**: it works on the computer and asks no cloud for anything.
- **not applicable**: it is about servers of the maker of the devices.

Commands that share a row share its result. Of the rows that work the test ran every command, of the others at least one, unless the note says that none was run.

| Command | Group | Result | Note |
|---|---|---|---|
${lines.join('\n')}`;
}
