import { ByteWriter } from '@cloudchamber/kernel';
import type { ModuleDependency } from '../messages/index.ts';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';

/** Types of extensions in a suffix, or behind a prefix that says so (protocol section 9.4). */
export const ExtensionType = {
  END: 0,
  PRODUCT_DATA: 1,
  DYNAMIC_LOCATION: 2,
  DEPENDENCY: 3,
  HASH: 0x10,
  NAME: 0x11,
  ASSET_DEPENDENCY: 0x12,
  SECURITY_MODE: 0x13,
  ASSET_TYPE: 0x14,
} as const;

/** One extension; `data` is what follows its header. */
export interface ModuleExtension {
  readonly type: number;
  readonly data: Uint8Array;
}

/** A file of an application, by the name and SHA-256 (hex) of its content. */
export interface AssetReference {
  readonly name: string;
  readonly hash: string;
}

/** The product that an application was built for: numbers of 16 bits, 65535 in no product. */
export interface ProductNumbers {
  readonly id: number;
  readonly version: number;
}

/** Where a module of dynamic location stands in flash, as addresses. */
export interface DynamicLocation {
  readonly moduleStart: number;
  readonly dynalibLoad: number;
  readonly dynalibStart: number;
}

const CLAUSE = 'protocol section 9.4';
const HEADER_BYTES = 4;
const SHA256_TYPE = 0;
const SHA256_BYTES = 32;
const INVALID = 0xffff;

/**
 * Extensions from the start of `bytes` until END, an invalid one, or fewer bytes than a header.
 * @throws WireError `malformed` for an extension that is shorter than its header or longer than what is left.
 */
export function readExtensions(bytes: Uint8Array): ModuleExtension[] {
  const extensions: ModuleExtension[] = [];
  const reader = new WireReader(bytes, CLAUSE);
  while (reader.remaining >= HEADER_BYTES) {
    const type = reader.u16le();
    const length = reader.u16le();
    if (type === INVALID) break;
    if (length < HEADER_BYTES || length - HEADER_BYTES > reader.remaining) {
      throw new WireError('malformed', `an extension of ${length} bytes`, CLAUSE, reader.offset - HEADER_BYTES);
    }
    extensions.push({ type, data: reader.bytes(length - HEADER_BYTES) });
    if (type === ExtensionType.END) break;
  }
  return extensions;
}

export function encodeExtensions(extensions: readonly ModuleExtension[]): Buffer {
  const writer = new ByteWriter();
  for (const { type, data } of extensions)
    writer
      .u16le(type)
      .u16le(HEADER_BYTES + data.length)
      .bytes(data);
  return writer.finish();
}

/** An asset that an application needs: hash record, then name. */
export function assetDependency({ name, hash }: AssetReference): ModuleExtension {
  return { type: ExtensionType.ASSET_DEPENDENCY, data: Buffer.concat([hashRecord(hash), Buffer.from(name)]) };
}

/** The product's numbers behind two bytes that are set, as compilers write them: they stand at the same place as in suffixes without extensions. */
export function productExtension({ id, version }: ProductNumbers): ModuleExtension {
  return { type: ExtensionType.PRODUCT_DATA, data: new ByteWriter(6).u16le(0xffff).u16le(id).u16le(version).finish() };
}

/** A module that is needed beyond the two that the prefix has room for. The target, u32, is 0. */
export function dependencyExtension({ function: kind, index, version }: ModuleDependency): ModuleExtension {
  const data = new ByteWriter(8).u8(kind).u8(index).u16le(version).u32le(0).finish();
  return { type: ExtensionType.DEPENDENCY, data };
}

/** @throws WireError `truncated` when the data is too short */
export function readDependencyExtension({ data }: ModuleExtension): ModuleDependency {
  const reader = new WireReader(data, CLAUSE);
  return { function: reader.u8(), index: reader.u8(), version: reader.u16le() };
}

/** Three addresses of 32 bits. */
export function locationExtension({ moduleStart, dynalibLoad, dynalibStart }: DynamicLocation): ModuleExtension {
  const data = new ByteWriter(12).u32le(moduleStart).u32le(dynalibLoad).u32le(dynalibStart).finish();
  return { type: ExtensionType.DYNAMIC_LOCATION, data };
}

/** @throws WireError `truncated` when the data is too short */
export function readLocation({ data }: ModuleExtension): DynamicLocation {
  const reader = new WireReader(data, CLAUSE);
  return { moduleStart: reader.u32le(), dynalibLoad: reader.u32le(), dynalibStart: reader.u32le() };
}

/** The SHA-256 (hex) of an asset module's content. */
export function hashExtension(hash: string): ModuleExtension {
  return { type: ExtensionType.HASH, data: hashRecord(hash) };
}

/** @throws WireError `malformed` or `truncated` unless the data is a SHA-256 record and a name. */
export function readAssetDependency({ data }: ModuleExtension): AssetReference {
  const reader = new WireReader(data, CLAUSE);
  const hash = readHash(reader);
  return { hash, name: Buffer.from(reader.rest()).toString() };
}

/** The hash in an extension of type HASH, as hex. Throws as `readAssetDependency` does. */
export function readHashExtension({ data }: ModuleExtension): string {
  return readHash(new WireReader(data, CLAUSE));
}

function readHash(reader: WireReader): string {
  const type = reader.u8();
  const length = reader.u8();
  if (type !== SHA256_TYPE || length !== SHA256_BYTES) {
    throw new WireError('unsupported', `a hash of type ${type} and ${length} bytes`, CLAUSE);
  }
  return Buffer.from(reader.bytes(length)).toString('hex');
}

function hashRecord(hash: string): Buffer {
  return Buffer.concat([Uint8Array.of(SHA256_TYPE, SHA256_BYTES), Buffer.from(hash, 'hex')]);
}
