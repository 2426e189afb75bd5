import { printable } from '../../output/printable.ts';
import type { Device } from './find-device.ts';

type Named = Pick<Device, 'id' | 'name'>;
type Described = Named & Pick<Device, 'online' | 'functions' | 'variables'>;

/** `greenhouse (e00fce68a1b2c3d4e5f60718)` */
export function labelOf({ id, name }: Named): string {
  return `${printable(name)} (${id})`;
}

/** A device of a list: one line, then its variables and functions when it is online. */
export function deviceLines(device: Described): readonly string[] {
  const variables = Object.keys(device.variables ?? {}).length;
  const functions = (device.functions ?? []).length;
  if (!device.online) return [`${labelOf(device)} is offline`];
  return [
    `${labelOf(device)} ${variables} variables, and ${functions} functions`,
    ...(variables === 0 ? [] : ['  Variables:', ...variableLines(device)]),
    ...(functions === 0 ? [] : ['  Functions:', ...functionLines(device)]),
  ];
}

export function functionLines({ functions }: Pick<Device, 'functions'>): readonly string[] {
  return (functions ?? []).map((name) => `    int ${printable(name)}(string)`);
}

export function variableLines({ variables }: Pick<Device, 'variables'>): readonly string[] {
  return Object.entries(variables ?? {}).map(([name, type]) => `    ${printable(name)} (${type})`);
}

/** The value of a variable on its own: the lines of a text, null for a number that is not finite. */
export function valueLines(value: string | number | boolean | null): readonly string[] {
  return String(value).split('\n').map(printable);
}

/** A word as shells take it, to put into a command that is shown. */
export function shellWord(word: string): string {
  const shown = printable(word);
  return /^[\w.,:@%+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** Facts below each other; those that are undefined are left out. */
export function factLines(facts: readonly (readonly [name: string, value: string | undefined])[]): readonly string[] {
  const known = facts.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
