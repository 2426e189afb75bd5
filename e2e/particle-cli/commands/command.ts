import { expect } from 'vitest';
import { type Bench, newPerson } from '../bench.ts';

/** What a command comes to on this server, as the table says it. */
export type Result = 'works' | 'not yet' | 'needs USB' | 'no cloud' | 'not applicable';

/** What is known of one command of the command line, by all of its names. */
export interface Command {
  readonly names: readonly string[];
  readonly result: Result;
  /** A sentence for the table; empty for none. */
  readonly note: string;
  /** Runs it as a person would and asserts what it printed and what the cloud made of it. */
  readonly run?: (bench: Bench) => Promise<void>;
}

export type Commands = readonly Command[];

/** A command line as it is typed, in words. */
type Line = readonly string[];

/** What the server answers on a route that it has not, as the command line shows it. */
const NO_ROUTE = 'There is no such route';
const NO_DEVICE = /no devices? (found|available)|device (is )?not found|no serial port identified/i;

export const works = (names: readonly string[], run: (bench: Bench) => Promise<void>, note = ''): Command => ({
  names,
  result: 'works',
  note,
  run,
});

/** Commands that the server refuses, and that then say so; `files` have to be there for them to ask at all. */
export const notYet = (
  names: readonly string[],
  note: string,
  lines: readonly Line[],
  files: Readonly<Record<string, string>> = {},
): Command => ({
  names,
  result: 'not yet',
  note,
  run: async (bench) => {
    const { terminal } = await newPerson(bench);
    for (const [name, content] of Object.entries(files)) await terminal.write(name, content);
    for (const line of lines) {
      const { code, text } = await terminal.particle(line);
      expect(text).toContain(NO_ROUTE);
      expect(code).toBe(1);
    }
  },
});

/** Commands about a device on a cable; `lines` are those that end by themselves without one. */
export const needsUsb = (names: readonly string[], note = '', lines: readonly Line[] = []): Command => ({
  names,
  result: 'needs USB',
  note,
  run: async (bench) => {
    const { terminal } = await newPerson(bench);
    for (const line of lines) expect((await terminal.particle(line)).text).toMatch(NO_DEVICE);
  },
});

/** Commands that ask no cloud for anything. */
export const noCloud = (names: readonly string[], note = '', run?: Command['run']): Command => ({
  names,
  result: 'no cloud',
  note,
  ...(run !== undefined && { run }),
});

export const notApplicable = (names: readonly string[], note: string, run?: Command['run']): Command => ({
  names,
  result: 'not applicable',
  note,
  ...(run !== undefined && { run }),
});
