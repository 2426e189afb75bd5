import { ByteWriter } from '@cloudchamber/kernel';
import type { ModuleDependency } from '../messages/index.ts';
import { WireReader } from '../wire-reader.ts';

/** Bits of the prefix flags (protocol section 9.4). */
export const ModuleFlag = {
  /** The device stores the data without prefix and suffix: assets, NCP firmware, radio stacks. */
  DROP_INFO: 0x01,
  COMPRESSED: 0x02,
  /** Another module follows this one in the same file. */
  COMBINED: 0x04,
  ENCRYPTED: 0x08,
  PREFIX_EXTENSIONS: 0x10,
} as const;

/** What a module says of itself at its beginning. */
export interface ModulePrefix {
  /** Where in the file it is: not 0 behind a vector table. */
  readonly offset: number;
  readonly startAddress: number;
  /** Where the CRC is: the file has `endAddress - startAddress + 4` bytes. */
  readonly endAddress: number;
  readonly mcuTarget: number;
  /** `ModuleFlag` bits. */
  readonly flags: number;
  readonly version: number;
  readonly platformId: number;
  /** `ModuleFunction`. */
  readonly function: number;
  readonly index: number;
  /** The two places of the prefix, empty ones among them. */
  readonly dependencies: readonly [ModuleDependency, ModuleDependency];
}

export const PREFIX_BYTES = 24;
export const NO_DEPENDENCY: ModuleDependency = Object.freeze({ function: 0, index: 0, version: 0 });
const CLAUSE = 'protocol section 9.4';

/** The 24 bytes at `offset`, whatever they are. @throws WireError `truncated` when there aren't as many. */
export function readPrefix(file: Uint8Array, offset: number): ModulePrefix {
  const reader = new WireReader(file, CLAUSE, offset);
  return {
    offset,
    startAddress: reader.u32le(),
    endAddress: reader.u32le(),
    mcuTarget: reader.u8(),
    flags: reader.u8(),
    version: reader.u16le(),
    platformId: reader.u16le(),
    function: reader.u8(),
    index: reader.u8(),
    dependencies: [readDependency(reader), readDependency(reader)],
  };
}

/** The 24 bytes of a prefix. */
export function encodePrefix(prefix: Omit<ModulePrefix, 'offset'>): Buffer {
  const writer = new ByteWriter(PREFIX_BYTES);
  writer.u32le(prefix.startAddress).u32le(prefix.endAddress).u8(prefix.mcuTarget).u8(prefix.flags);
  writer.u16le(prefix.version).u16le(prefix.platformId).u8(prefix.function).u8(prefix.index);
  for (const { function: kind, index, version } of prefix.dependencies) writer.u8(kind).u8(index).u16le(version);
  return writer.finish();
}

function readDependency(reader: WireReader): ModuleDependency {
  return { function: reader.u8(), index: reader.u8(), version: reader.u16le() };
}
