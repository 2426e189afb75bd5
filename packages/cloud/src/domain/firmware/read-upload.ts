import { type ModuleImage, readZip, splitModules } from '@cloudchamber/wire';
import { notAvailable } from '../devices/index.ts';
import { badFirmware, readFirmware } from './bad-firmware.ts';
import { inflateAtMost } from './inflate-at-most.ts';

export interface UploadedFile {
  /** As the client named it; possibly with folders. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** A module file: one module, or several combined. */
export interface ModuleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly modules: readonly ModuleImage[];
}

/** What was uploaded to be flashed: module files, and the assets that came in a bundle. */
export interface FirmwareUpload {
  readonly files: readonly ModuleFile[];
  /** By the name that the application knows them by. */
  readonly assets: ReadonlyMap<string, Uint8Array>;
}

const ASSETS_FOLDER = 'assets/';
/** The signature of an entry; no module begins like that. */
const ZIP_BEGINNING = Buffer.from('PK\x03\x04');
const BUNDLE_LIMITS = { entries: 64, totalBytes: 16 * 1024 * 1024 };

/**
 * Tells what the uploaded files are by their names (section 2.5 of the device notes): .bin files, or one .zip bundle with an application at its root and its assets
 * (protocol section 9.5). A bundle is also recognised by its first bytes: clients call it what they like. Every module is checked whole.
 * @throws DomainError `device.bad_firmware` for what is none of that, `device.not_available` for source code.
 */
export function readUpload(files: readonly UploadedFile[]): FirmwareUpload {
  if (files.length === 0) throw badFirmware('There is no file in the request');
  const bundle = files.find(isBundle);
  if (bundle !== undefined) {
    if (files.length > 1) throw badFirmware('A bundle has to come alone');
    return readBundle(bundle);
  }
  if (!files.every(({ name }) => hasEnding(name, '.bin'))) throw notAvailable('Compiling of source code');
  return { files: files.map(readModuleFile), assets: new Map() };
}

function readBundle(bundle: UploadedFile): FirmwareUpload {
  const entries = readFirmware(bundle.name, () => readZip(bundle.content, BUNDLE_LIMITS, inflateAtMost));
  const applications = entries.filter(({ name }) => !name.includes('/') && hasEnding(name, '.bin'));
  const [application] = applications;
  if (application === undefined || applications.length > 1) {
    throw badFirmware(`${bundle.name}: a bundle has exactly one .bin file at its root`);
  }
  const assets = new Map<string, Uint8Array>();
  for (const { name, content } of entries) {
    if (name.startsWith(ASSETS_FOLDER)) assets.set(name.slice(ASSETS_FOLDER.length), content);
  }
  return { files: [readModuleFile(application)], assets };
}

function readModuleFile({ name, content }: UploadedFile): ModuleFile {
  return { name, bytes: content, modules: readFirmware(name, () => splitModules(content)) };
}

function isBundle({ name, content }: UploadedFile): boolean {
  return hasEnding(name, '.zip') || ZIP_BEGINNING.equals(content.subarray(0, ZIP_BEGINNING.length));
}

function hasEnding(name: string, ending: string): boolean {
  return name.toLowerCase().endsWith(ending);
}
