import { usageError } from '../../failure/cli-error.ts';

/** What a list of devices names. */
export interface IdList {
  /** In the order of the list, each once: case does not matter. */
  readonly ids: readonly string[];
  /** How many lines named something again. */
  readonly repeated: number;
}

/**
 * Reads a single column of device ids, serial numbers, IMEIs or ICCIDs: a line each, of any system, with or without a mark of its encoding (UTF-8, or UTF-16 as
 * Windows shells write it). Blank lines do not count (CLI-79).
 * @param source what the list is called in errors
 * @throws CliError of kind `usage` when it is no text, has several columns, or names nothing
 */
export function readIdList(bytes: Uint8Array, source: string): IdList {
  const text = decoded(bytes);
  if (text.includes('\0')) throw usageError(`${source} is not a text file`);
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const several = lines.findIndex((line) => /[,;\t]/.test(line));
  if (several >= 0) {
    throw usageError(
      `${source} has several columns in line ${several + 1}`,
      'It must have a single column: one device a line, by its id, serial number, IMEI or ICCID.',
    );
  }
  const list = idList(lines);
  if (list.ids.length === 0) throw usageError(`${source} names no device`);
  return list;
}

/** The words without blanks and repetitions. */
export function idList(words: readonly string[]): IdList {
  const named = words.map((word) => word.trim()).filter((word) => word !== '');
  const ids = new Map<string, string>();
  for (const word of named) if (!ids.has(word.toLowerCase())) ids.set(word.toLowerCase(), word);
  return { ids: [...ids.values()], repeated: named.length - ids.size };
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
