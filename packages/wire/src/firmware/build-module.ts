import { sha256 } from '../crypto/index.ts';
import { type ModuleDependency, ModuleFunction } from '../messages/index.ts';
import { ExtensionType, hashExtension, type ModuleExtension, type ProductNumbers } from './module-extension.ts';
import { encodePrefix, ModuleFlag, NO_DEPENDENCY, PREFIX_BYTES } from './module-prefix.ts';
import { CRC_BYTES, encodeSuffix, type SuffixForm, sealModule } from './module-suffix.ts';

export interface ModuleToBuild {
  /** `ModuleFunction`. */
  readonly function: number;
  readonly index?: number;
  readonly version: number;
  readonly platformId: number;
  readonly startAddress?: number;
  /** `ModuleFlag` bits. */
  readonly flags?: number;
  /** At most two. */
  readonly dependencies?: readonly ModuleDependency[];
  /** Code before the prefix, as with a vector table. */
  readonly vectors?: Uint8Array;
  readonly content: Uint8Array;
  /** Without that of the product, which follows them. */
  readonly extensions?: readonly ModuleExtension[];
  /** In no product when absent. */
  readonly product?: ProductNumbers;
  /** `extended` when there are extensions, else `short`. */
  readonly suffix?: SuffixForm;
}

/** A module file with right sizes and checksums around `content` (protocol section 9.4). */
export function buildModule(module: ModuleToBuild): Buffer {
  const { vectors = new Uint8Array(0), content, extensions = [], dependencies = [], startAddress = 0 } = module;
  const form = module.suffix ?? (extensions.length > 0 ? 'extended' : 'short');
  const suffix = encodeSuffix(form, extensions, module.product);
  const size = vectors.length + PREFIX_BYTES + content.length + suffix.length + CRC_BYTES;
  const prefix = encodePrefix({
    startAddress,
    endAddress: startAddress + size - CRC_BYTES,
    mcuTarget: 0,
    flags: module.flags ?? 0,
    version: module.version,
    platformId: module.platformId,
    function: module.function,
    index: module.index ?? 1,
    dependencies: [dependencies[0] ?? NO_DEPENDENCY, dependencies[1] ?? NO_DEPENDENCY],
  });
  return sealModule(Buffer.concat([vectors, prefix, content, suffix, Buffer.alloc(CRC_BYTES)], size));
}

/** An asset as a module of its own, the form in which it travels (protocol section 9.5). */
export function buildAssetModule(name: string, content: Uint8Array): Buffer {
  const hash = sha256(content).toString('hex');
  return buildModule({
    function: ModuleFunction.ASSET,
    index: 0,
    version: 0,
    platformId: 0,
    flags: ModuleFlag.DROP_INFO,
    content,
    extensions: [hashExtension(hash), { type: ExtensionType.NAME, data: Buffer.from(name) }],
  });
}
