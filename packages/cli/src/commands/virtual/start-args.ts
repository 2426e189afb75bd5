import type { Options } from '../../program/parameters.ts';

/** Values of options as a command line has them again. */
export function argsOf(options: Options, values: Readonly<Record<string, string | boolean | undefined>>): string[] {
  return Object.entries(options).flatMap(([name, { flags }]) => {
    const value = values[name];
    const [long = ''] = flags.split(' ');
    if (typeof value === 'string') return [`${long}=${value}`];
    return value === true ? [long] : [];
  });
}
