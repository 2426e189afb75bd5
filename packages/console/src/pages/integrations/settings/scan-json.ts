/** Where a text stops being JSON. */
interface JsonProblem {
  /** Characters before it. */
  readonly offset: number;
  readonly message: string;
}

export interface ScannedJson {
  /** Undefined when the text is JSON (RFC 8259). */
  readonly problem: JsonProblem | undefined;
  /** Where the keys of the outermost object stand. */
  readonly keys: ReadonlyMap<string, number>;
  /** Keys that an object has twice: only the last one counts. */
  readonly repeated: readonly string[];
}

/** Objects and lists inside each other; the cloud takes fewer. */
const MOST_DEPTH = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS = ['true', 'false', 'null'];

class Fault extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads JSON to say what is wrong with it and where. Browsers word what `JSON.parse` throws differently, and not all tell the place.
 * @returns no problem for exactly those texts that `JSON.parse` takes, but for some that are nested deeper than 100 levels
 */
export function scanJson(text: string): ScannedJson {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return { ...scanner, problem: undefined };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...scanner, problem: { offset: error.offset, message: error.message } };
  }
}

/** @returns the line and the column of an offset, both from 1 */
export function lineOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

class Scanner {
  readonly keys = new Map<string, number>();
  readonly repeated: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#space();
    this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#fault('Nothing may follow the last bracket');
  }

  #value(depth: number): void {
    const sign = this.#text[this.#at];
    if (depth > MOST_DEPTH) throw this.#fault(`More than ${MOST_DEPTH} objects inside each other`);
    if (sign === '{') return this.#object(depth);
    if (sign === '[') return this.#list(depth);
    if (sign === '"') return void this.#string();
    const word = WORDS.find((one) => this.#text.startsWith(one, this.#at));
    if (word !== undefined) this.#at += word.length;
    else if (!this.#skip(NUMBER)) throw this.#fault(this.#missingValue());
  }

  #missingValue(): string {
    const sign = this.#text[this.#at];
    if (sign === undefined) return 'The text ends too early: a value is missing';
    if (sign === "'") return 'Texts stand in double quotes';
    if (sign === '}' || sign === ']') return 'A value is missing; no comma may stand before the bracket';
    return 'Here must be a value: a text in double quotes, a number, true, false, null, { or [';
  }

  #object(depth: number): void {
    const own = new Set<string>();
    this.#at += 1;
    this.#space();
    if (this.#take('}')) return;
    for (;;) {
      const start = this.#at;
      const sign = this.#text[start];
      if (sign !== '"') {
        throw this.#fault(sign === '}' ? 'No comma may stand before the }' : this.#wanted('a key in double quotes'));
      }
      const key = this.#string();
      if (own.has(key)) this.repeated.push(key);
      own.add(key);
      if (depth === 0) this.keys.set(key, start);
      this.#space();
      if (!this.#take(':')) throw this.#fault(this.#wanted('a colon'));
      this.#space();
      this.#value(depth + 1);
      this.#space();
      if (this.#take('}')) return;
      if (!this.#take(',')) throw this.#fault(this.#wanted('a comma or }'));
      this.#space();
    }
  }

  #list(depth: number): void {
    this.#at += 1;
    this.#space();
    if (this.#take(']')) return;
    for (;;) {
      this.#value(depth + 1);
      this.#space();
      if (this.#take(']')) return;
      if (!this.#take(',')) throw this.#fault(this.#wanted('a comma or ]'));
      this.#space();
    }
  }

  #string(): string {
    const start = this.#at;
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const sign = this.#text[this.#at] ?? '';
      if (sign === '"') {
        this.#at += 1;
        return String(JSON.parse(this.#text.slice(start, this.#at)));
      }
      if (sign < ' ') throw this.#fault('A text ends in its line: write \\n for a new line');
      if (sign === '\\') this.#escape();
    }
    throw new Fault(start, 'This text has no closing quote');
  }

  #escape(): void {
    const rest = this.#text.slice(this.#at + 1, this.#at + 6);
    if (/^["\\/bfnrt]/.test(rest)) this.#at += 1;
    else if (/^u[0-9a-fA-F]{4}/.test(rest)) this.#at += 5;
    else throw this.#fault('After \\ comes one of " \\ / b f n r t, or u and four hex digits');
  }

  #wanted(what: string): string {
    return this.#at >= this.#text.length ? `The text ends too early: ${what} is missing` : `Here must be ${what}`;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    this.#skip(SPACE);
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #fault(message: string): Fault {
    return new Fault(this.#at, message);
  }
}
