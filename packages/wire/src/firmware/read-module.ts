import { sha256 } from '../crypto/index.ts';
import { type ModuleDependency, ModuleFunction } from '../messages/index.ts';
import { findPlatform } from '../platforms/index.ts';
import { WireError } from '../wire-error.ts';
import {
  type AssetReference,
  ExtensionType,
  type ModuleExtension,
  readAssetDependency,
  readDependencyExtension,
  readExtensions,
} from './module-extension.ts';
import { ModuleFlag, type ModulePrefix, PREFIX_BYTES, readPrefix } from './module-prefix.ts';
import { CRC_BYTES, crcOf, hasGoodCrc, hashOfModule, type ModuleSuffix, readSuffix } from './module-suffix.ts';

/** A firmware module whose checksums are right. */
export interface ModuleImage {
  readonly prefix: ModulePrefix;
  readonly suffix: ModuleSuffix;
  /** The module's bytes: a view on the file. */
  readonly bytes: Uint8Array;
  /** Everything that it needs to run, from prefix and extensions. */
  readonly dependencies: readonly ModuleDependency[];
  /** Files that an application needs. */
  readonly assets: readonly AssetReference[];
}

const CLAUSE = 'protocol section 9.4';
/** Behind the vector tables of Gen 3, Gen 2 and two others; then any multiple of 4 up to 8 KiB. */
const USUAL_OFFSETS: readonly number[] = [0, 0x200, 0x184, 0xc0, 0x10c];
const FARTHEST_OFFSET = 8192;
const LARGEST_FUNCTION = ModuleFunction.ASSET;
const LARGEST_PLATFORM = 0x7fff;
/** Larger than the flash of any device. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A module as it stands in a file, whatever is wrong with it. */
export interface FoundModule {
  readonly prefix: ModulePrefix;
  /** The module's bytes: a view on the file. */
  readonly bytes: Uint8Array;
  /** The CRC-32 that stands at its end, and the one that it should be. */
  readonly storedCrc: number;
  readonly actualCrc: number;
}

/**
 * Finds a module as `readModule` does, and checks nothing of it: for telling people what is wrong with a file.
 * @param exact false to let more bytes follow
 * @throws WireError `truncated` when the file ends before the module does, else `malformed` when no prefix fits the file
 */
export function findModule(file: Uint8Array, exact = true): FoundModule {
  let prefix: ModulePrefix;
  try {
    prefix = findPrefix(file, exact);
  } catch (error) {
    throw cutOff(file) ?? error;
  }
  const bytes = file.subarray(0, sizeOf(prefix));
  return { prefix, bytes, ...crcOf(bytes) };
}

/** The error of a file that begins as a module of a known platform does, and has fewer bytes than that says. */
function cutOff(file: Uint8Array): WireError | undefined {
  for (const offset of USUAL_OFFSETS) {
    if (offset + PREFIX_BYTES > file.length) continue;
    const prefix = readPrefix(file, offset);
    const size = sizeOf(prefix);
    if (size <= file.length || size > MOST_BYTES || !isPlausible(prefix, size, true)) continue;
    if (findPlatform(prefix.platformId) === undefined) continue;
    return new WireError('truncated', `the module has ${size} bytes, of which ${file.length} are there`, CLAUSE);
  }
  return undefined;
}

/**
 * The module that a .bin file holds, or the first of a combined file; every byte of it is checked.
 * @param exact false to let more bytes follow.
 * @throws WireError `malformed` when no prefix fits the file, for wrong checksums and bad extensions; `truncated` when the file ends early.
 */
export function readModule(file: Uint8Array, exact = true): ModuleImage {
  const prefix = findPrefix(file, exact);
  const bytes = file.subarray(0, sizeOf(prefix));
  if (!hasGoodCrc(bytes)) throw new WireError('malformed', 'the CRC of the module is wrong', CLAUSE, bytes.length - 4);
  const suffix = readSuffix(bytes);
  if (!hasGoodHash(bytes, prefix, suffix)) {
    throw new WireError('malformed', 'the SHA-256 of the module is wrong', CLAUSE, bytes.length - 38);
  }
  const extensions = [...prefixExtensions(bytes, prefix), ...suffix.extensions];
  return {
    prefix,
    suffix,
    bytes,
    dependencies: [...prefix.dependencies.filter(isSet), ...extensions.flatMap(dependencyOf)],
    assets: extensions.filter(({ type }) => type === ExtensionType.ASSET_DEPENDENCY).map(readAssetDependency),
  };
}

/** Bytes of the prefix with its extensions. */
export function prefixSize({ bytes, prefix }: Pick<ModuleImage, 'bytes' | 'prefix'>): number {
  const sizes = prefixExtensions(bytes, prefix).map(({ data }) => data.length + 4);
  return sizes.reduce((sum, size) => sum + size, PREFIX_BYTES);
}

function findPrefix(file: Uint8Array, exact: boolean): ModulePrefix {
  const fits = (offset: number): ModulePrefix | undefined => {
    if (offset + PREFIX_BYTES > file.length) return undefined;
    const prefix = readPrefix(file, offset);
    return isPlausible(prefix, file.length, exact) ? prefix : undefined;
  };
  for (const offset of USUAL_OFFSETS) {
    const prefix = fits(offset);
    if (prefix !== undefined) return prefix;
  }
  for (let offset = 4; offset <= FARTHEST_OFFSET; offset += 4) {
    const prefix = fits(offset);
    if (prefix !== undefined) return prefix;
  }
  throw new WireError('malformed', 'no firmware module: nothing in the file tells its size', CLAUSE, 0);
}

/** A prefix is recognised by the size that it gives, and by a function and platform that can be. */
function isPlausible(prefix: ModulePrefix, length: number, exact: boolean): boolean {
  const size = sizeOf(prefix);
  const known = prefix.function >= ModuleFunction.RESOURCE && prefix.function <= LARGEST_FUNCTION;
  if (!known || prefix.platformId > LARGEST_PLATFORM) return false;
  if (size < prefix.offset + PREFIX_BYTES + CRC_BYTES) return false;
  return exact ? size === length : size <= length;
}

/** Released network processor firmware carries the hash of its content alone. */
function hasGoodHash(bytes: Uint8Array, prefix: ModulePrefix, suffix: ModuleSuffix): boolean {
  if (hashOfModule(bytes) === suffix.hash) return true;
  if (prefix.function !== ModuleFunction.NCP_FIRMWARE) return false;
  const content = bytes.subarray(prefix.offset + PREFIX_BYTES, bytes.length - CRC_BYTES - suffix.size);
  return sha256(content).toString('hex') === suffix.hash;
}

function sizeOf({ startAddress, endAddress }: ModulePrefix): number {
  return endAddress - startAddress + CRC_BYTES;
}

function prefixExtensions(bytes: Uint8Array, prefix: ModulePrefix): ModuleExtension[] {
  if ((prefix.flags & ModuleFlag.PREFIX_EXTENSIONS) === 0) return [];
  return readExtensions(bytes.subarray(prefix.offset + PREFIX_BYTES, bytes.length - CRC_BYTES));
}

function dependencyOf(extension: ModuleExtension): ModuleDependency[] {
  return extension.type === ExtensionType.DEPENDENCY ? [readDependencyExtension(extension)] : [];
}

function isSet(dependency: ModuleDependency): boolean {
  return dependency.function !== ModuleFunction.NONE;
}
