import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';
import { encodePrefix, ModuleFlag, PREFIX_BYTES } from './module-prefix.ts';
import { CRC_BYTES, sealModule } from './module-suffix.ts';
import { type ModuleImage, prefixSize, readModule } from './read-module.ts';

/** Raw deflate data inflated to at most `limit` bytes. Throws when it is none, or when there is more. */
export type Inflate = (data: Uint8Array, limit: number) => Uint8Array;

const CLAUSE = 'protocol section 9.4';
const HEADER_BYTES = 8;
const RAW_DEFLATE = 0;
/** Larger than the flash of any device. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The module that a compressed one stands for, whole and checked.
 * @throws WireError `malformed` for a bad header, data that is no deflate stream or another size than it says, and a module inside that is none; `too_large` above 16 MiB.
 */
export function expandModule(module: ModuleImage, inflate: Inflate): ModuleImage {
  const { bytes, suffix } = module;
  const head = prefixSize(module);
  const tail = bytes.length - CRC_BYTES - suffix.size;
  const reader = new WireReader(bytes.subarray(0, tail), CLAUSE, module.prefix.offset + head);
  const headerSize = reader.u16le();
  const method = reader.u8();
  reader.u8();
  const size = reader.u32le();
  if (headerSize < HEADER_BYTES || method !== RAW_DEFLATE) {
    throw new WireError('malformed', 'a compressed module of another kind', CLAUSE, reader.offset - HEADER_BYTES);
  }
  if (size > MOST_BYTES) throw new WireError('too_large', `a compressed module of ${size} bytes`, CLAUSE);
  reader.bytes(headerSize - HEADER_BYTES);
  const content = inflated(reader.rest(), size, inflate);
  if ((module.prefix.flags & ModuleFlag.DROP_INFO) === 0) return readModule(content);
  return readModule(rewrapped(module, head, [content], -ModuleFlag.COMPRESSED));
}

/** The module in its compressed form. @param deflate makes raw deflate data with a window of 15 bits. */
export function compressModule(module: ModuleImage, deflate: (data: Uint8Array) => Uint8Array): ModuleImage {
  const { bytes, prefix, suffix } = module;
  const head = prefixSize(module);
  const isInfoDropped = (prefix.flags & ModuleFlag.DROP_INFO) !== 0;
  const content = isInfoDropped ? bytes.subarray(prefix.offset + head, bytes.length - CRC_BYTES - suffix.size) : bytes;
  const header = new ByteWriter(HEADER_BYTES).u16le(HEADER_BYTES).u8(RAW_DEFLATE).u8(0).u32le(content.length).finish();
  return readModule(rewrapped(module, head, [header, deflate(content)], ModuleFlag.COMPRESSED));
}

/** Prefix and suffix of the module around other content; the vector table in front is left away: it is inside. */
function rewrapped(module: ModuleImage, head: number, content: readonly Uint8Array[], flagChange: number): Buffer {
  const { bytes, prefix, suffix } = module;
  const extensions = bytes.subarray(prefix.offset + PREFIX_BYTES, prefix.offset + head);
  const ending = bytes.subarray(bytes.length - CRC_BYTES - suffix.size);
  const body = Buffer.concat([extensions, ...content, ending]);
  const endAddress = prefix.startAddress + PREFIX_BYTES + body.length - CRC_BYTES;
  const start = encodePrefix({ ...prefix, flags: prefix.flags + flagChange, endAddress });
  return sealModule(Buffer.concat([start, body]));
}

function inflated(data: Uint8Array, size: number, inflate: Inflate): Uint8Array {
  let content: Uint8Array;
  try {
    content = inflate(data, size);
  } catch {
    throw new WireError('malformed', 'the compressed data of a module cannot be read', CLAUSE);
  }
  if (content.length !== size) throw new WireError('malformed', `${content.length} bytes instead of ${size}`, CLAUSE);
  return content;
}
