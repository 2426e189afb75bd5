import { ModuleFunction, type ModuleImage } from '@cloudchamber/wire';
import { badFirmware, expandModules, matchAssets, readUpload, type UploadedFile } from '../firmware/index.ts';
import type { Product } from '../products/index.ts';
import { NO_VERSION } from './firmware-version.ts';

/** A file that can be a version of a product's firmware. */
export interface ProductFirmwareFile {
  readonly kind: 'binary' | 'bundle';
  readonly name: string;
  readonly content: Uint8Array;
  /** SHA-256 of the application, hex. */
  readonly applicationHash: string;
  /** As compiled in. */
  readonly version: number;
}

/** What a file has that was compiled without PRODUCT_ID. */
const NO_PRODUCT = 0xffff;

/**
 * The application of a product in an upload: one .bin file, or a bundle with its assets. Everything of it is checked: sizes and checksums, the platform, the
 * product's number, and that the bundle has the assets that the application names (OTA-03, OTA-24, OTA-26).
 * @throws DomainError `device.bad_firmware`, with the reason
 */
export function readProductFirmware(
  product: Pick<Product, 'id' | 'name' | 'platformId'>,
  files: readonly UploadedFile[],
): ProductFirmwareFile {
  const [file] = files;
  if (file === undefined) throw badFirmware('There is no file in the request: send a .bin file or a .zip bundle');
  if (files.length > 1) throw badFirmware('A version has one file: send one .bin file or one .zip bundle');
  const { files: moduleFiles, assets } = readUpload([named(file)]);
  const application = onlyApplication(moduleFiles.flatMap(expandModules));
  checkPlatform(application, product);
  const version = versionIn(application, product);
  matchAssets(assets, application);
  return {
    kind: moduleFiles[0]?.bytes === file.content ? 'binary' : 'bundle',
    name: file.name,
    content: file.content,
    applicationHash: application.suffix.hash,
    version,
  };
}

/** Whatever is no bundle is read as a module: what clients call it says nothing. */
function named({ name, content }: UploadedFile): UploadedFile {
  return /\.(bin|zip)$/i.test(name) ? { name, content } : { name: `${name}.bin`, content };
}

function onlyApplication(modules: readonly ModuleImage[]): ModuleImage {
  const applications = modules.filter(({ prefix }) => prefix.function === ModuleFunction.USER_PART);
  const [application] = applications;
  if (application === undefined) {
    throw badFirmware('There is no application in the file: it is a part of Device OS or another module');
  }
  if (applications.length > 1) throw badFirmware('There are two applications in the file: a version has one');
  if (modules.length === 1) return application;
  throw badFirmware('The file has parts of Device OS beside the application: upload the application alone');
}

function checkPlatform({ prefix }: ModuleImage, product: Pick<Product, 'platformId' | 'name'>): void {
  if (prefix.platformId === product.platformId) return;
  throw badFirmware(
    `The firmware is for platform ${prefix.platformId}, and the devices of ${product.name} are of platform ${product.platformId}`,
  );
}

function versionIn({ prefix, suffix }: ModuleImage, product: Pick<Product, 'id' | 'name'>): number {
  const { productId = NO_PRODUCT, productVersion = NO_VERSION } = suffix;
  if (productId === NO_PRODUCT) {
    throw badFirmware(`The firmware has no product id: compile it with PRODUCT_ID(${product.id})`);
  }
  // Device OS 4.0 and later knows PRODUCT_VERSION only; the number of the platform stands in the product's place.
  if (productId !== product.id && productId !== prefix.platformId) {
    throw badFirmware(
      `The firmware is compiled for product ${productId}, and ${product.name} is product ${product.id}`,
    );
  }
  return productVersion;
}
