import { ByteWriter } from '@cloudchamber/kernel';
import { sha256 } from '../crypto/index.ts';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';
import { crc32 } from './crc32.ts';
import {
  type DynamicLocation,
  ExtensionType,
  encodeExtensions,
  type ModuleExtension,
  type ProductNumbers,
  productExtension,
  readExtensions,
  readLocation,
} from './module-extension.ts';

/** What a module says of itself at its end. */
export interface ModuleSuffix {
  /** Bytes of the suffix without the CRC behind it. */
  readonly size: number;
  readonly extensions: readonly ModuleExtension[];
  /** 65535: in no product. Absent in a bare suffix. */
  readonly productId?: number;
  readonly productVersion?: number;
  /** Absent for a module at its own address. */
  readonly location?: DynamicLocation;
  /** SHA-256 of everything before it, hex. */
  readonly hash: string;
}

const CLAUSE = 'protocol section 9.4';
export const CRC_BYTES = 4;
/** Reserved u16, SHA-256, size u16. */
const BARE_BYTES = 36;
const PRODUCT_BYTES = 4;
const HASH_FROM_END = 38;
const NO_PRODUCT: ProductNumbers = { id: 0xffff, version: 0xffff };
const END: ModuleExtension = { type: ExtensionType.END, data: new Uint8Array() };
/** Every suffix that was seen fits; a larger number is none. */
const MOST_BYTES = 4096;

/**
 * The suffix of a whole module.
 * @throws WireError `malformed` for a size that no suffix has and for bad extensions, `truncated` when the module is shorter than that.
 */
export function readSuffix(module: Uint8Array): ModuleSuffix {
  const tail = new WireReader(module, CLAUSE, Math.max(0, module.length - HASH_FROM_END));
  const hash = Buffer.from(tail.bytes(32)).toString('hex');
  const size = tail.u16le();
  if (size < BARE_BYTES || size > MOST_BYTES || size + CRC_BYTES > module.length) {
    throw new WireError('malformed', `a suffix of ${size} bytes`, CLAUSE, module.length - CRC_BYTES - 2);
  }
  const start = module.length - CRC_BYTES - size;
  const variable = module.subarray(start, start + size - BARE_BYTES);
  if (variable.length < PRODUCT_BYTES) return { size, extensions: [], hash };
  // The product's numbers are the last four bytes, in an extension, behind the last of them, or by themselves.
  const product = new WireReader(variable, CLAUSE, variable.length - PRODUCT_BYTES);
  const extensions = variable.length === PRODUCT_BYTES ? [] : readExtensions(variable);
  const location = extensions.find(({ type }) => type === ExtensionType.DYNAMIC_LOCATION);
  return {
    size,
    extensions,
    productId: product.u16le(),
    productVersion: product.u16le(),
    hash,
    ...(location && { location: readLocation(location) }),
  };
}

/**
 * Forms of a suffix: `bare` has nothing but the hash; `short` the product's numbers by themselves, as before there were extensions; `extended` has extensions, of
 * which the product's is the last; `ended` has extensions, their end, and then the product's numbers by themselves.
 */
export type SuffixForm = 'bare' | 'short' | 'extended' | 'ended';

/** A suffix, all zero where the hash will be. Without a product its numbers have all bits set. */
export function encodeSuffix(
  form: SuffixForm,
  extensions: readonly ModuleExtension[],
  product: ProductNumbers = NO_PRODUCT,
): Buffer {
  const variable = encodeVariable(form, extensions, product);
  const size = variable.length + BARE_BYTES;
  return new ByteWriter(size).bytes(variable).u16(0).bytes(Buffer.alloc(32)).u16le(size).finish();
}

function encodeVariable(form: SuffixForm, extensions: readonly ModuleExtension[], product: ProductNumbers): Buffer {
  if (form === 'bare') return Buffer.alloc(0);
  if (form === 'extended') return encodeExtensions([...extensions, productExtension(product)]);
  const numbers = new ByteWriter(PRODUCT_BYTES).u16le(product.id).u16le(product.version).finish();
  if (form === 'short') return numbers;
  return Buffer.concat([encodeExtensions([...extensions, END]), numbers]);
}

/** Writes the SHA-256 and the CRC of a module that ends in suffix and four bytes for the CRC. @returns `module` */
export function sealModule(module: Buffer): Buffer {
  sha256(module.subarray(0, module.length - HASH_FROM_END)).copy(module, module.length - HASH_FROM_END);
  module.writeUInt32BE(crc32(module.subarray(0, module.length - CRC_BYTES)), module.length - CRC_BYTES);
  return module;
}

/** The CRC that stands at the end of a module, and that of all bytes before it. @throws WireError `truncated` for fewer than four bytes */
export function crcOf(module: Uint8Array): { readonly storedCrc: number; readonly actualCrc: number } {
  const end = module.length - CRC_BYTES;
  const storedCrc = new WireReader(module, CLAUSE, Math.max(0, end)).u32();
  return { storedCrc, actualCrc: crc32(module.subarray(0, end)) };
}

/** Whether the CRC at the end fits all bytes before it. */
export function hasGoodCrc(module: Uint8Array): boolean {
  if (module.length < CRC_BYTES) return false;
  const { storedCrc, actualCrc } = crcOf(module);
  return storedCrc === actualCrc;
}

/** The SHA-256 (hex) that the suffix should have. */
export function hashOfModule(module: Uint8Array): string {
  return sha256(module.subarray(0, module.length - HASH_FROM_END)).toString('hex');
}
