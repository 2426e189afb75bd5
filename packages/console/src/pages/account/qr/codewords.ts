import { correctionOf } from './reed-solomon.ts';

/** Of level M, by version from 1: error correction codewords of a block, and blocks (ISO/IEC 18004 table 9). */
const LEVEL_M = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
  [30, 5],
  [22, 8],
  [22, 9],
  [24, 9],
  [24, 10],
  [28, 10],
  [28, 11],
  [26, 13],
  [26, 14],
  [26, 16],
] as const;

/** Modules that carry codewords: all but the patterns, format and version (ISO/IEC 18004 table 1). */
function codewordsOf(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const rows = Math.floor(version / 7) + 2;
    modules -= (25 * rows - 10) * rows - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

/**
 * The codewords of a text at level M, in the order in which the symbol holds them (ISO/IEC 18004 sections 7.4 to 7.6).
 * @returns them, and the smallest version that holds them
 * @throws Error for a text of more than 666 bytes in UTF-8
 */
export function encodeText(text: string): { readonly version: number; readonly codewords: readonly number[] } {
  const bytes = [...new TextEncoder().encode(text)];
  for (const [index, [perBlock, blocks]] of LEVEL_M.entries()) {
    const version = index + 1;
    const total = codewordsOf(version);
    const capacity = total - perBlock * blocks;
    // Mode and length take 4 + 8 bits, from version 10 on 4 + 16; the end is up to four zeros.
    const head = version < 10 ? 12 : 20;
    if (Math.ceil((head + bytes.length * 8) / 8) > capacity) continue;
    const data = pad(packed(bytes, version < 10 ? 8 : 16), capacity);
    return { version, codewords: interleave(data, total, blocks, perBlock) };
  }
  throw new Error('The text is too long for a QR code');
}

/** Mode 0100 (bytes), length, bytes and an end of four zeros, as whole bytes. */
function packed(bytes: readonly number[], lengthBits: 8 | 16): number[] {
  const length = lengthBits === 8 ? [bytes.length] : [bytes.length >>> 8, bytes.length & 0xff];
  // All is shifted by the four bits of the mode.
  const shifted = [...length, ...bytes, 0];
  return shifted.map((byte, at) => (((at === 0 ? 0b0100 : (shifted[at - 1] ?? 0) & 15) << 4) | (byte >>> 4)) & 0xff);
}

function pad(bytes: readonly number[], capacity: number): number[] {
  return Array.from({ length: capacity }, (_, at) => bytes[at] ?? ((at - bytes.length) % 2 === 0 ? 0xec : 0x11));
}

function interleave(data: readonly number[], total: number, blocks: number, perBlock: number): number[] {
  const short = Math.floor(total / blocks) - perBlock;
  const longFrom = blocks - (total % blocks);
  const parts: number[][] = [];
  let from = 0;
  for (let block = 0; block < blocks; block += 1) {
    const length = short + (block >= longFrom ? 1 : 0);
    parts.push(data.slice(from, from + length));
    from += length;
  }
  const corrections = parts.map((part) => correctionOf(part, perBlock));
  return [...byColumns(parts, short + 1), ...byColumns(corrections, perBlock)];
}

function byColumns(rows: readonly (readonly number[])[], columns: number): number[] {
  const values: number[] = [];
  for (let column = 0; column < columns; column += 1) {
    for (const row of rows) {
      const value = row[column];
      if (value !== undefined) values.push(value);
    }
  }
  return values;
}
