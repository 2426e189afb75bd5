import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../failure/cli-error.ts';
import { whereJsonBreaks } from './where-json-breaks.ts';

/** Reads a file that holds one JSON object. Nothing of what stands in it is told. @throws CliError of kind `usage` that says where it is broken; Error when it cannot be read */
export async function readJsonObject(cwd: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = (await readFile(resolve(cwd, path), 'utf8')).replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const where = whereJsonBreaks(text);
    if (where === undefined) throw usageError(`${path} is no JSON`);
    throw usageError(`${path} is no JSON: line ${where.line}, column ${where.column} should have ${where.expected}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${path} should hold one JSON object`);
  }
  return Object.fromEntries<unknown>(Object.entries(value));
}
