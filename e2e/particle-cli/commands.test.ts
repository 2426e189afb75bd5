import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectChapter } from '../harness/compatibility-page.ts';
import { Program } from '../harness/program.ts';
import { type Bench, createBench } from './bench.ts';
import { GROUPS } from './commands/index.ts';
import { commandsChapter } from './commands-chapter.ts';
import { installedCli } from './installed-cli.ts';

/** A bound on hanging: on a busy machine a command takes seconds, and waits for others. */
const LONGEST_MS = 300_000;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIST_COMMANDS = relative(ROOT, fileURLToPath(new URL('./list-commands.ts', import.meta.url)));

const cli = installedCli();
const skipped = cli === undefined ? ' (SKIPPED: it is not installed; scripts/install-clients.mjs says why)' : '';
if (skipped !== '') console.warn(`particle-cli${skipped}`);

const entries = Object.entries(GROUPS).flatMap(([group, commands]) =>
  commands.map((command) => ({ group, title: command.names.join(', '), command })),
);

describe.skipIf(cli === undefined)(`particle-cli${skipped}`, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (cli !== undefined) bench = await createBench(cli);
  });
  afterAll(() => bench?.dispose());

  it('has an entry here for every command, and no other', async () => {
    const program = new Program({
      command: [LIST_COMMANDS, cli?.folder ?? ''],
      cwd: bench.server.place.dataDir,
      env: { HOME: bench.server.place.dataDir },
    });
    expect(await program.exited).toMatchObject({ code: 0 });
    const there = program.stdout.trim().split('\n');
    expect(entries.flatMap(({ command }) => command.names).toSorted()).toEqual(there.toSorted());
  });

  const ran = new Set<string>();
  describe.concurrent('commands', () => {
    it.each(entries)(
      '$group: $title',
      async ({ title, command }) => {
        await command.run?.(bench);
        ran.add(title);
      },
      LONGEST_MS,
    );
  });

  it('is what docs/compatibility.md says', () => {
    expect([...ran].toSorted()).toEqual(entries.map(({ title }) => title).toSorted());
    const rows = entries.map(({ group, command }) => ({ group, ...command }));
    expectChapter('particle-cli', commandsChapter(cli?.version ?? '', rows));
  });
});
