import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FirmwareImage, HelloFacts } from '@cloudchamber/gateway';
import {
  buildAssetModule,
  compressModule,
  expandModule,
  HelloFlag,
  ModuleFlag,
  ModuleFunction,
  type ModuleImage,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { badFirmware, readFirmware } from './bad-firmware.ts';
import { byDependencies, type PlannedImage } from './by-dependencies.ts';
import type { FirmwareUpload, ModuleFile } from './read-upload.ts';

/** What a device gets, in order. */
export interface UpdatePlan {
  readonly images: readonly FirmwareImage[];
  /** SHA-256 (hex) of the application in it, as the device will report it; undefined when it has none. */
  readonly applicationHash: string | undefined;
}

/** The first Device OS that takes assets (protocol section 9.5). */
const FIRST_WITH_ASSETS = 5500;

/**
 * What to send, in which form and order: modules after those that they depend on, then the assets that the device lacks. Compressed and combined files go as they
 * are only to devices that say that they take them (Hello flag 40, protocol section 9.4); others get every module by itself.
 * @param present hashes (hex) of the assets that the device has
 * @throws DomainError `device.bad_firmware` for another platform, too large an image, a circle of dependencies, and assets that don't fit the application.
 */
export function planUpdate(upload: FirmwareUpload, hello: HelloFacts, present: ReadonlySet<string>): UpdatePlan {
  const acceptsCompressed = (hello.flags & HelloFlag.COMPRESSED_OTA) !== 0;
  const planned = upload.files.flatMap((file) => imagesOf(file, acceptsCompressed));
  for (const { modules } of planned) for (const module of modules) checkPlatform(module, hello.platformId);
  const modules = planned.flatMap((image) => image.modules);
  const application = modules.find(({ prefix }) => prefix.function === ModuleFunction.USER_PART);
  const missing = missingAssets(upload, application, hello, present);
  const assets = missing.map(([name, content]) => assetImage(name, content, acceptsCompressed));
  const images = [...byDependencies(planned), ...assets].map(({ data, moduleFunction }) => ({ data, moduleFunction }));
  checkSizes(images, hello);
  return { images, applicationHash: application?.suffix.hash };
}

function imagesOf({ name, bytes, modules }: ModuleFile, acceptsCompressed: boolean): PlannedImage[] {
  const expanded = readFirmware(name, () => modules.map(expand));
  if (!acceptsCompressed) {
    return expanded.map((module) => ({
      data: module.bytes,
      moduleFunction: module.prefix.function,
      modules: [module],
    }));
  }
  return [{ data: bytes, moduleFunction: expanded[0]?.prefix.function ?? ModuleFunction.NONE, modules: expanded }];
}

function expand(module: ModuleImage): ModuleImage {
  if ((module.prefix.flags & ModuleFlag.COMPRESSED) === 0) return module;
  return expandModule(module, (data, limit) => inflateRawSync(data, { maxOutputLength: Math.max(1, limit) }));
}

function checkPlatform({ prefix }: ModuleImage, platformId: number): void {
  if (prefix.function === ModuleFunction.ASSET || prefix.platformId === platformId) return;
  throw badFirmware(`The firmware is for platform ${prefix.platformId}, and the device is of platform ${platformId}`);
}

/** An application and its bundle must agree on every asset, else the device would wait for one for ever. */
function missingAssets(
  { assets }: FirmwareUpload,
  application: ModuleImage | undefined,
  hello: HelloFacts,
  present: ReadonlySet<string>,
): [name: string, content: Uint8Array][] {
  if (assets.size === 0) return [];
  if ((hello.systemVersion ?? 0) < FIRST_WITH_ASSETS) throw badFirmware('The Device OS of the device takes no assets');
  const needed = new Map((application?.assets ?? []).map(({ name, hash }) => [name, hash]));
  for (const name of needed.keys()) if (!assets.has(name)) throw badFirmware(`The bundle lacks the asset ${name}`);
  return [...assets].filter(([name, content]) => {
    const hash = sha256(content).toString('hex');
    if (needed.get(name) !== hash) throw badFirmware(`The asset ${name} is not the one that the application names`);
    return !present.has(hash);
  });
}

function assetImage(name: string, content: Uint8Array, acceptsCompressed: boolean): FirmwareImage {
  const plain = buildAssetModule(name, content);
  const compressed = acceptsCompressed ? compressModule(readModule(plain), deflateRawSync).bytes : plain;
  return { data: compressed.length < plain.length ? compressed : plain, moduleFunction: ModuleFunction.ASSET };
}

function checkSizes(images: readonly FirmwareImage[], { maxBinarySize = Number.POSITIVE_INFINITY }: HelloFacts): void {
  const tooLarge = images.find(({ data }) => data.length > maxBinarySize);
  if (tooLarge === undefined) return;
  throw badFirmware(`${tooLarge.data.length} bytes of firmware: the device takes ${maxBinarySize} at most`);
}
