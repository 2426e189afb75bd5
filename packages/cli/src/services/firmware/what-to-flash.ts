import { CliError, usageError } from '../../failure/cli-error.ts';

/** What stands behind a word of the command line on this machine; undefined when nothing does. */
export type Place = 'file' | 'folder' | undefined;

export type FlashSource =
  /** Paths as they were given. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  /** An application that the cloud knows by name. */
  | { readonly kind: 'app'; readonly name: string };

const BINARY = /\.(bin|zip)$/i;
const SOURCE = /\.(ino|cpp|c|cc|cxx|h|hh|hpp|s|properties|mk)$/i;
const APP = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/**
 * What words behind the device name (checklist CLI-11 to CLI-16).
 * @throws CliError of kind `failure` for source code, which needs a compiler, and for a file that is not there; of kind `usage` for what cannot go together
 */
export function whatToFlash(words: readonly string[], placeOf: (path: string) => Place): FlashSource {
  // Without a word the published tool takes the folder that one is in.
  if (words.length === 0) throw doesNotCompile('the folder that you are in');
  const folder = words.find((word) => placeOf(word) === 'folder');
  if (folder !== undefined) throw doesNotCompile(`the folder ${folder}`);
  const source = words.find((word) => SOURCE.test(word));
  if (source !== undefined) throw doesNotCompile(source);
  const [first = ''] = words;
  if (words.length === 1 && !BINARY.test(first) && placeOf(first) === undefined && APP.test(first)) {
    return { kind: 'app', name: first };
  }
  for (const word of words) {
    if (placeOf(word) === undefined) throw new CliError('failure', `There is no file ${word}`);
    if (!BINARY.test(word)) throw usageError(`${word} is no firmware: it ends in .bin or .zip`);
  }
  if (words.length > 1 && words.some((word) => /\.zip$/i.test(word))) {
    throw usageError('A bundle (.zip) is flashed alone: it has an application and its assets');
  }
  return { kind: 'files', paths: words };
}

/** @param what the code or flag that asks for it */
export function doesNotCompile(what: string): CliError {
  return new CliError('failure', `This build of chamber does not compile yet, so it cannot flash ${what}`, {
    next: 'Compile elsewhere, and flash the .bin or .zip file that comes out: chamber flash <device> firmware.bin',
  });
}
