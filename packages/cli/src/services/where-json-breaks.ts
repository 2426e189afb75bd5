/** Where a text stops being JSON. */
export interface JsonBreak {
  /** From 1 on. */
  readonly line: number;
  readonly column: number;
  /** What should stand there, in words. */
  readonly expected: string;
}

class Break extends Error {}

const BLANKS = /[ \t\r\n]*/y;
/** As much of a string as is right, without its end. */
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/**
 * Finds the first mistake in a text that `JSON.parse` refuses. Its own messages have no line, and quote the text, in which there may be secrets (RFC 8259).
 * @returns undefined when the text is JSON
 */
export function whereJsonBreaks(text: string): JsonBreak | undefined {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null;
  };
  const take = (mark: string): boolean => {
    skip(BLANKS);
    const found = text.startsWith(mark, at);
    if (found) at += mark.length;
    return found;
  };
  const need = (found: boolean, expected: string): void => {
    if (!found) throw new Break(expected);
  };
  const string = (expected: string): void => {
    need(skip(STRING), expected);
    const ends = text[at] === '"';
    need(ends, text[at] === '\\' ? 'one of the escapes that JSON has' : 'a " that ends the text before');
    at += 1;
  };
  const members = (end: string, member: () => void): void => {
    if (take(end)) return;
    do member();
    while (take(','));
    need(take(end), `a comma or ${end}`);
  };
  const value = (): void => {
    if (take('{')) {
      members('}', () => {
        skip(BLANKS);
        string('a key in double quotes');
        need(take(':'), 'a colon');
        value();
      });
    } else if (take('[')) members(']', value);
    else if (text[at] === '"') string('a value');
    else need(skip(WORD), 'a value');
  };
  try {
    value();
    skip(BLANKS);
    need(at === text.length, 'the end');
    return undefined;
  } catch (error) {
    if (!(error instanceof Break)) throw error;
    const before = text.slice(0, at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected: error.message };
  }
}
