import { WireError, type WireErrorKind } from '../wire-error.ts';
import type { Inflate } from './compressed-module.ts';
import { crc32 } from './crc32.ts';

export interface ZipLimits {
  readonly entries: number;
  /** Bytes of all contents together. */
  readonly totalBytes: number;
}

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

const CLAUSE = 'protocol section 9.5';
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 0x01;
const STORED = 0;
const DEFLATED = 8;
const LONGEST_NAME = 255;
const MADE_ON_UNIX = 3;
const FILE_TYPE = 0xf000;
const SYMBOLIC_LINK = 0xa000;
/** Control characters, what is left of bytes that are no UTF-8, backslashes, and the letter of a drive. */
const UNSAFE = /[\p{Cc}\ufffd\\]|^[A-Za-z]:/u;

/**
 * The files of a .zip archive, folders left out. Nothing is inflated further than its entry says, and what the entries say must fit the limits, so that an archive
 * costs no more than they allow.
 * @throws WireError, whose message is for whoever sent it: for what is no archive, is cut off, is encrypted, has links, names that lead elsewhere, names twice or wrong checksums, or is beyond the limits.
 */
export function readZip(archive: Uint8Array, limits: ZipLimits, inflate: Inflate): ZipEntry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > limits.entries) throw bad(`the archive has more than ${limits.entries} files`, 'too_large');
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = bytes.readUInt32LE(end + 16);
  let room = limits.totalBytes;
  for (let read = 0; read < count; read++) {
    const entry = readEntry(bytes, at, end);
    at = entry.next;
    if (names.has(entry.name)) throw bad(`the archive has ${entry.name} twice`);
    names.add(entry.name);
    checkPlace(entry);
    if (entry.name.endsWith('/')) continue;
    room -= entry.size;
    if (room < 0) throw bad(`the archive has more than ${limits.totalBytes} bytes of content`, 'too_large');
    entries.push({ name: entry.name, content: contentOf(bytes, entry, end, inflate) });
  }
  return entries;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Type and permissions as on Unix; 0 when it comes from elsewhere. */
  readonly mode: number;
  readonly local: number;
  readonly next: number;
}

function findEnd(bytes: Buffer): number {
  const farthest = Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT);
  for (let at = bytes.length - END_BYTES; at >= farthest; at--) {
    if (bytes.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  throw bad('the file is no .zip archive');
}

function readEntry(bytes: Buffer, at: number, end: number): Entry {
  if (at + ENTRY_BYTES > end || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) throw damaged();
  const nameLength = bytes.readUInt16LE(at + 28);
  const next = at + ENTRY_BYTES + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  if (next > end || nameLength === 0 || nameLength > LONGEST_NAME) throw damaged();
  const name = bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
  if ((bytes.readUInt16LE(at + 8) & ENCRYPTED) !== 0) throw bad(`${name} is encrypted`, 'unsupported');
  return {
    name,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    mode: bytes[at + 5] === MADE_ON_UNIX ? bytes.readUInt16LE(at + 40) : 0,
    local: bytes.readUInt32LE(at + 42),
    next,
  };
}

/** @throws WireError for a name that is no plain path below the archive's root, and for a link */
function checkPlace({ name, mode }: Entry): void {
  const shown = JSON.stringify(name);
  const parts = name.replace(/\/$/, '').split('/');
  if (UNSAFE.test(name) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw bad(`the archive has a name that leads elsewhere: ${shown}`);
  }
  if ((mode & FILE_TYPE) === SYMBOLIC_LINK) throw bad(`the archive has a link: ${shown}`);
}

function contentOf(bytes: Buffer, entry: Entry, end: number, inflate: Inflate): Uint8Array {
  const { local, packedSize, name } = entry;
  if (local + LOCAL_BYTES > end || bytes.readUInt32LE(local) !== LOCAL_SIGNATURE) throw damaged();
  const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + packedSize > end) throw damaged();
  const content = unpack(bytes.subarray(start, start + packedSize), entry, inflate);
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw bad(`${name} is damaged`);
  return content;
}

function unpack(packed: Buffer, { method, size, name }: Entry, inflate: Inflate): Uint8Array {
  if (method === STORED) return new Uint8Array(packed);
  if (method !== DEFLATED) throw bad(`${name} is packed in a way that is not known here`, 'unsupported');
  try {
    return inflate(packed, size);
  } catch {
    throw bad(`${name} is damaged`);
  }
}

function bad(message: string, kind: WireErrorKind = 'malformed'): WireError {
  return new WireError(kind, message, CLAUSE);
}

function damaged(): WireError {
  return bad('the archive is damaged');
}
