import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandGroups, commandsFor, groups } from '../src/commands/index.ts';
import { namesOf } from '../src/program/build-program.ts';
import { commandPage, indexPage, pageName, usageOf } from './command-page.ts';

const commands = await commandsFor(undefined);
const FOLDER = new URL('../../../docs/cli/', import.meta.url);
/** Pages that people write, or that other tests make. */
const OTHERS = ['conventions.md', 'compatibility.md', 'commands.txt'];

const pages = new Map<string, string>([
  ['README.md', indexPage(commands)],
  ['commands.txt', treeOf()],
  ...commands.map((command) => [pageName(command), commandPage(command)] as const),
]);

/** Every name, word and flag: what scripts depend on. */
function treeOf(): string {
  const lines = commands.flatMap((command) => {
    const flags = Object.values(command.options)
      .filter(({ hidden }) => !hidden)
      .map((option) => `  ${option.flags}`);
    return [usageOf(command), ...(command.aliases ?? []).map((alias) => `  = chamber ${alias}`), ...flags];
  });
  return `${lines.join('\n')}\n`;
}

describe('docs/cli', () => {
  if (process.env.CI === undefined) {
    mkdirSync(FOLDER, { recursive: true });
    for (const name of readdirSync(FOLDER)) {
      if (!pages.has(name) && !OTHERS.includes(name)) rmSync(new URL(name, FOLDER));
    }
    for (const [name, text] of pages) writeFileSync(new URL(name, FOLDER), text);
  }

  it.each([...pages])('%s is made from the commands', (name, text) => {
    const path = new URL(name, FOLDER);
    expect(existsSync(path) ? readFileSync(path, 'utf8') : 'there is no such page').toBe(text);
  });

  it('has no page of a command that is gone', () => {
    expect(readdirSync(FOLDER).filter((name) => !pages.has(name) && !OTHERS.includes(name))).toEqual([]);
  });
});

describe('every command', () => {
  it('has a name of its own', () => {
    const names = commands.flatMap(namesOf);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(commandGroups)('is loaded by its first word, such as $words.0', async ({ words, load }) => {
    const first = (await load()).flatMap(namesOf).map((name) => name.split(' ', 1)[0]);
    expect([...new Set(first)].toSorted()).toEqual([...words].toSorted());
  });

  it('stands in a group that says what it is for', () => {
    const missing = commands
      .map(({ name }) => name.split(' ').slice(0, -1).join(' '))
      .filter(
        (group) => group !== '' && !groups.has(group) && !commands.some((command) => namesOf(command).includes(group)),
      );
    expect([...new Set(missing)]).toEqual([]);
  });

  it.each(commands.map((command) => ({ name: command.name, command })))(
    '$name declares what it needs',
    ({ command }) => {
      expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(command.json).not.toBe('');
      const words = Object.values(command.args);
      expect(words.findIndex(({ rest }) => rest)).toBeOneOf([-1, words.length - 1]);
      const firstOptional = words.findIndex(({ required }) => !required);
      if (firstOptional >= 0) expect(words.slice(firstOptional).every(({ required }) => !required)).toBe(true);
      // Hidden ones are taken to be refused with a sentence.
      for (const { flags } of Object.values(command.options).filter(({ hidden }) => !hidden)) {
        expect(flags).toMatch(/^(-[a-zA-Z], )?--[a-z][a-z0-9-]*( [<[][a-z#|-]+[>\]])?$/);
        expect(flags).not.toMatch(/^--(json|quiet|verbose|yes|profile|api-url)\b/);
        expect(flags).not.toMatch(/--(token|password|access-token)[ ,]/);
      }
    },
  );
});
