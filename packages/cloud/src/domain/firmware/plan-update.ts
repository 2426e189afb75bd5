import { deflateRawSync } from 'node:zlib';
import type { FirmwareImage, HelloFacts } from '@cloudchamber/gateway';
import {
  buildAssetModule,
  compressModule,
  HelloFlag,
  ModuleFunction,
  type ModuleImage,
  readModule,
} from '@cloudchamber/wire';
import { badFirmware } from './bad-firmware.ts';
import { byDependencies, type PlannedImage } from './by-dependencies.ts';
import { expandModules } from './expand-modules.ts';
import { type Asset, matchAssets } from './match-assets.ts';
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
  const assets = missing.map((asset) => assetImage(asset, acceptsCompressed));
  const images = [...byDependencies(planned), ...assets].map(({ data, moduleFunction }) => ({ data, moduleFunction }));
  checkSizes(images, hello);
  return { images, applicationHash: application?.suffix.hash };
}

function imagesOf(file: ModuleFile, acceptsCompressed: boolean): PlannedImage[] {
  const expanded = expandModules(file);
  if (!acceptsCompressed) {
    return expanded.map((module) => ({
      data: module.bytes,
      moduleFunction: module.prefix.function,
      modules: [module],
    }));
  }
  return [{ data: file.bytes, moduleFunction: expanded[0]?.prefix.function ?? ModuleFunction.NONE, modules: expanded }];
}

function checkPlatform({ prefix }: ModuleImage, platformId: number): void {
  if (prefix.function === ModuleFunction.ASSET || prefix.platformId === platformId) return;
  throw badFirmware(`The firmware is for platform ${prefix.platformId}, and the device is of platform ${platformId}`);
}

function missingAssets(
  { assets }: FirmwareUpload,
  application: ModuleImage | undefined,
  hello: HelloFacts,
  present: ReadonlySet<string>,
): Asset[] {
  if (assets.size === 0) return [];
  if ((hello.systemVersion ?? 0) < FIRST_WITH_ASSETS) throw badFirmware('The Device OS of the device takes no assets');
  return matchAssets(assets, application).filter(({ hash }) => !present.has(hash));
}

function assetImage({ name, content }: Asset, acceptsCompressed: boolean): FirmwareImage {
  const plain = buildAssetModule(name, content);
  const compressed = acceptsCompressed ? compressModule(readModule(plain), deflateRawSync).bytes : plain;
  return { data: compressed.length < plain.length ? compressed : plain, moduleFunction: ModuleFunction.ASSET };
}

function checkSizes(images: readonly FirmwareImage[], { maxBinarySize = Number.POSITIVE_INFINITY }: HelloFacts): void {
  const tooLarge = images.find(({ data }) => data.length > maxBinarySize);
  if (tooLarge === undefined) return;
  throw badFirmware(`${tooLarge.data.length} bytes of firmware: the device takes ${maxBinarySize} at most`);
}
