/** The lines of a list of devices. */
export interface IdList {
  /** Each once, in lower case, in the order of the text. */
  readonly lines: readonly string[];
  /** Lines that said again what another one had said. */
  readonly repeated: number;
}

/** Reads a text with one device a line; blank lines and a byte order mark are passed over (PRD-11). */
export function readIdList(text: string): IdList {
  const all = text
    .replace(/^\uFEFF/, '')
    .split(/[\r\n]+/)
    .map((line) => line.trim().toLowerCase())
    .filter((line) => line !== '');
  const lines = [...new Set(all)];
  return { lines, repeated: all.length - lines.length };
}

/** Is it a file that can hold a list? @param name of the file */
export function isTextName(name: string): boolean {
  return /\.(txt|csv)$/i.test(name) || !name.includes('.');
}
