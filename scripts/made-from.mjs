// Whether something that is built is still made from what is there: a digest of all that goes into it, kept beside it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampOf = (dist) => join(dist, '.made-from');

export function filesIn(path) {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Of the names and contents of files; tests go into nothing that is built. */
export function digestOf(files) {
  const hash = createHash('sha256');
  for (const path of files.filter((name) => !name.includes('.test.')).sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

export function isMadeFrom(dist, from) {
  try {
    return readFileSync(stampOf(dist), 'utf8') === from;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

export function writeStamp(dist, from) {
  writeFileSync(stampOf(dist), from);
}
