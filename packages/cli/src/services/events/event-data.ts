import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

interface Given {
  /** A word of the command line; `-` is standard input. */
  readonly data: string | undefined;
  readonly file: string | undefined;
}

/** The data of an event from where they were given, without the line break that ends a file. @throws CliError of kind `usage` when both are given */
export async function eventData(
  { cwd, readStdin }: Pick<Context, 'cwd' | 'readStdin'>,
  { data, file }: Given,
): Promise<string | undefined> {
  if (file !== undefined && data !== undefined) throw usageError('Data are given as a word or with --file, not both');
  if (file === '-' || data === '-') return withoutEnd(await readStdin());
  if (file === undefined) return data;
  const bytes = await readFile(resolve(cwd, file));
  try {
    return withoutEnd(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usageError(`${file} is not text: events from here carry text in UTF-8`);
  }
}

function withoutEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
