import { inflateRawSync } from 'node:zlib';
import {
  expandModule,
  type FoundModule,
  findModule,
  findPlatform,
  type ModuleDependency,
  ModuleFlag,
  ModuleFunction,
  type ModuleImage,
  readModule,
  readZip,
  sha256,
  WireError,
} from '@cloudchamber/wire';
import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';

/** Numbers as they stand in the file; `function` is a name of `FUNCTIONS`. */
interface Dependency {
  readonly function: string;
  readonly index: number;
  readonly version: number;
}

/** What a module says of itself. Fields that only a whole module has are null in a damaged one. */
export interface ModuleReport {
  readonly name: string;
  /** Hex, of eight digits. */
  readonly crc: { readonly ok: boolean; readonly stored: string; readonly actual: string };
  readonly sha256_ok: boolean | null;
  readonly platform_id: number;
  /** Null for one that is not known. */
  readonly platform: string | null;
  readonly function: string;
  readonly index: number;
  readonly version: number;
  /** Bytes in the file. */
  readonly size: number;
  readonly dependencies: readonly Dependency[];
  /** Null in no product. */
  readonly product_id: number | null;
  readonly product_version: number | null;
  /** SHA-256 that tells one build from another. */
  readonly uuid: string | null;
  /** Bytes that it becomes; null when it is not compressed. */
  readonly expanded_size: number | null;
  readonly encrypted: boolean;
  readonly needs_assets: readonly { readonly name: string; readonly hash: string }[];
}

export interface AssetReport {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly hash: string;
  /** Whether the application names it with this content; null when it does not name it. */
  readonly named: boolean | null;
}

export interface FirmwareReport {
  readonly file: string;
  readonly kind: 'module' | 'combined' | 'bundle';
  readonly modules: readonly ModuleReport[];
  readonly assets: readonly AssetReport[];
  /** What is wrong with it, in sentences; empty for a good file. */
  readonly problems: readonly string[];
}

/** By `ModuleFunction`. */
const FUNCTIONS: ReadonlyMap<number, string> = new Map([
  [ModuleFunction.RESOURCE, 'resource'],
  [ModuleFunction.BOOTLOADER, 'bootloader'],
  [ModuleFunction.MONOLITHIC, 'monolithic'],
  [ModuleFunction.SYSTEM_PART, 'system_part'],
  [ModuleFunction.USER_PART, 'application'],
  [ModuleFunction.SETTINGS, 'settings'],
  [ModuleFunction.NCP_FIRMWARE, 'ncp_firmware'],
  [ModuleFunction.RADIO_STACK, 'radio_stack'],
  [ModuleFunction.ASSET, 'asset'],
]);

/** Larger than the flash of any device: a file of more is not read, an archive not unpacked further. */
export const MOST_TO_INSPECT = 16 * 1024 * 1024;
const BUNDLE_LIMITS = { entries: 64, totalBytes: MOST_TO_INSPECT };
const ASSETS_FOLDER = 'assets/';
const ZIP_BEGINNING = Buffer.from('PK\x03\x04');
const MOST_MODULES = 16;
const NO_PRODUCT = 0xffff;

/**
 * Looks into a module file, several modules in one file, or a bundle with assets (checklist CLI-75).
 * @param file what it is called @throws CliError for what is none of them
 */
export function inspectFirmware(file: string, bytes: Uint8Array): FirmwareReport {
  const name = printable(file);
  try {
    const isBundle = /\.zip$/i.test(file) || ZIP_BEGINNING.equals(bytes.subarray(0, ZIP_BEGINNING.length));
    return isBundle ? inspectBundle(name, bytes) : inspectModules(name, bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new CliError('failure', `${name}: ${printable(error.message)}`, { cause: error });
  }
}

function inspectBundle(file: string, archive: Uint8Array): FirmwareReport {
  const entries = readZip(archive, BUNDLE_LIMITS, inflate);
  const binaries = entries.filter((entry) => !entry.name.includes('/') && /\.bin$/i.test(entry.name));
  if (binaries.length === 0) throw new CliError('failure', `${file} has no .bin file at its root`);
  const reports = binaries.map((entry) => inspectModules(printable(entry.name), entry.content));
  const modules = reports.flatMap((report) => report.modules);
  const needed = new Map(modules.flatMap(({ needs_assets: assets }) => assets).map((one) => [one.name, one.hash]));
  const assets = entries
    .filter((entry) => entry.name.startsWith(ASSETS_FOLDER))
    .map((entry): AssetReport => {
      const name = entry.name.slice(ASSETS_FOLDER.length);
      const hash = sha256(entry.content).toString('hex');
      const expected = needed.get(name);
      return { name, size: entry.content.length, hash, named: expected === undefined ? null : expected === hash };
    });
  const changed = assets.filter(({ named }) => named === false);
  const problems = [
    ...reports.flatMap((report) => report.problems),
    ...changed.map(({ name }) => `The asset ${name} is not the one that the application names`),
  ];
  return { file, kind: 'bundle', modules, assets, problems };
}

function inspectModules(file: string, bytes: Uint8Array): FirmwareReport {
  const modules: ModuleReport[] = [];
  const problems: string[] = [];
  let rest = bytes;
  for (;;) {
    const found = modules.length === 0 ? firstModule(rest) : findModule(rest, false);
    modules.push(reportOf(file, found, problems));
    rest = rest.subarray(found.bytes.length);
    if ((found.prefix.flags & ModuleFlag.COMBINED) === 0) break;
    if (modules.length === MOST_MODULES) throw new CliError('failure', `${file}: too many modules in a file`);
  }
  if (rest.length > 0) problems.push(`${file}: ${rest.length} bytes follow the module`);
  return { file, kind: modules.length > 1 ? 'combined' : 'module', modules, assets: [], problems };
}

/** One module alone is known by its exact size; with others behind it, only one that is whole is taken for a module. */
function firstModule(file: Uint8Array): FoundModule {
  try {
    return findModule(file);
  } catch (error) {
    const first = error instanceof WireError && error.kind === 'malformed' ? wholeModule(file) : undefined;
    if (first === undefined) throw error;
    return first;
  }
}

function wholeModule(file: Uint8Array): FoundModule | undefined {
  try {
    const found = findModule(file, false);
    return found.storedCrc === found.actualCrc ? found : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function reportOf(name: string, found: FoundModule, problems: string[]): ModuleReport {
  const { prefix, bytes, storedCrc, actualCrc } = found;
  const ok = storedCrc === actualCrc;
  if (!ok) problems.push(`${name}: the CRC is wrong, the file is damaged`);
  const image = ok ? imageOf(name, bytes, problems) : undefined;
  const fromPrefix = prefix.dependencies.filter((one) => one.function !== ModuleFunction.NONE);
  const productId = image?.suffix.productId ?? NO_PRODUCT;
  return {
    name,
    crc: { ok, stored: hex(storedCrc), actual: hex(actualCrc) },
    sha256_ok: ok ? image !== undefined : null,
    platform_id: prefix.platformId,
    platform: findPlatform(prefix.platformId)?.name ?? null,
    function: functionName(prefix.function),
    index: prefix.index,
    version: prefix.version,
    size: bytes.length,
    dependencies: (image?.dependencies ?? fromPrefix).map(dependencyOf),
    product_id: productId === NO_PRODUCT ? null : productId,
    product_version: productId === NO_PRODUCT ? null : (image?.suffix.productVersion ?? null),
    uuid: image?.suffix.hash ?? null,
    expanded_size: image === undefined ? null : expandedSize(name, image, problems),
    encrypted: (prefix.flags & ModuleFlag.ENCRYPTED) !== 0,
    needs_assets: (image?.assets ?? []).map((asset) => ({ name: printable(asset.name), hash: asset.hash })),
  };
}

function imageOf(name: string, bytes: Uint8Array, problems: string[]): ModuleImage | undefined {
  try {
    return readModule(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    problems.push(`${name}: ${error.message}`);
    return undefined;
  }
}

function expandedSize(name: string, image: ModuleImage, problems: string[]): number | null {
  if ((image.prefix.flags & ModuleFlag.COMPRESSED) === 0) return null;
  try {
    return expandModule(image, inflate).bytes.length;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    problems.push(`${name}: ${error.message}`);
    return null;
  }
}

function inflate(data: Uint8Array, limit: number): Uint8Array {
  return inflateRawSync(data, { maxOutputLength: Math.max(1, limit) });
}

function dependencyOf({ function: kind, index, version }: ModuleDependency): Dependency {
  return { function: functionName(kind), index, version };
}

function functionName(kind: number): string {
  return FUNCTIONS.get(kind) ?? 'unknown';
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
