import { createHash } from 'node:crypto';
import type { HelloFacts } from '@cloudchamber/gateway';
import { HelloFlag, type ModuleDependency, ModuleFunction, type SystemDescribe } from '@cloudchamber/wire';
import type { Store } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import {
  expandModules,
  type FirmwareBlobs,
  type FirmwareUpload,
  findModulesFor,
  type LackingModules,
  lackingModules,
  moduleWords,
  needsBesides,
  needsOfDevice,
  planUpdate,
  readModuleFiles,
  readUpload,
  type UpdatePlan,
} from '../firmware/index.ts';
import type { FirmwareVersion } from '../releases/index.ts';
import { HeldValues } from './held-values.ts';

/** Why a device can't be sent something, whatever it says itself. */
export type Obstacle = 'missing_dependencies' | 'too_large' | 'device_os_too_old' | 'unsuitable';

/** What a device gets, or why it gets nothing; `lacking` is what it needs of Device OS beforehand. */
export type DevicePlan = { readonly lacking: LackingModules } & (
  | { readonly plan: UpdatePlan; readonly obstacle?: undefined }
  | { readonly plan?: undefined; readonly obstacle: Obstacle; readonly message: string }
);

/** What a device is, as far as its updates go. */
export interface PlannedDevice {
  readonly hello: HelloFacts;
  readonly describe: SystemDescribe | null;
}

type VersionFile = Pick<FirmwareVersion, 'fileHash' | 'fileName' | 'kind'>;

interface ParsedFile {
  readonly hash: string;
  readonly upload: FirmwareUpload;
  /** What its modules need beside themselves. */
  readonly needs: Needs;
  /** Hashes of its assets, hex. */
  readonly assets: readonly string[];
}

interface Needs {
  readonly dependencies: readonly ModuleDependency[];
}

const FILES_HELD = 4;
const PLANS_HELD = 8;
/** The first Device OS that takes assets (protocol section 9.5). */
const FIRST_WITH_ASSETS = 5500;
const NOTHING: LackingModules = { modules: [], missing: [] };

/**
 * What devices get of a version. The file is read and checked once, and a thousand devices that need the same share one plan, so that an image that many get is in
 * memory once.
 */
export class FleetPlans {
  readonly #parts: { readonly store: Pick<Store, 'reads'>; readonly blobs: FirmwareBlobs };
  readonly #files = new HeldValues<ParsedFile>(FILES_HELD);
  readonly #plans = new HeldValues<UpdatePlan>(PLANS_HELD);

  constructor(parts: { readonly store: Pick<Store, 'reads'>; readonly blobs: FirmwareBlobs }) {
    this.#parts = parts;
  }

  /** The parts of Device OS that the device lacks, the application, and the assets that it lacks. */
  async planOf(version: VersionFile, device: PlannedDevice): Promise<DevicePlan> {
    try {
      const file = await this.#fileOf(version);
      return await this.#plan(device, await this.#lacking(device, file.needs), file);
    } catch (error) {
      return unsuitable(error);
    }
  }

  /**
   * What brings a device out of safe mode (OTA-25): the parts of Device OS that its modules lack, and assets that its application lacks. Undefined when that is nothing.
   * @param version what it runs of its product's firmware, if it does
   */
  async repairOf(device: PlannedDevice, version: VersionFile | undefined): Promise<DevicePlan | undefined> {
    if (device.describe === null) return undefined;
    try {
      const file = version?.kind === 'bundle' ? await this.#fileOf(version) : undefined;
      const needs = [...needsOfDevice(device.describe).dependencies, ...(file?.needs.dependencies ?? [])];
      const planned = await this.#plan(device, await this.#lacking(device, { dependencies: needs }), file);
      if (planned.plan === undefined) return planned;
      const images = planned.plan.images.filter((image) => image.moduleFunction !== ModuleFunction.USER_PART);
      if (images.length === 0) return undefined;
      return { ...planned, plan: { images, applicationHash: undefined } };
    } catch (error) {
      return unsuitable(error);
    }
  }

  async #plan({ hello, describe }: PlannedDevice, lacking: LackingModules, file?: ParsedFile): Promise<DevicePlan> {
    if (lacking.missing.length > 0) {
      const words = lacking.missing.map(moduleWords).join(', ');
      const message = `The device lacks ${words} or later, and the library of modules has none of it`;
      return { lacking, obstacle: 'missing_dependencies', message };
    }
    const systemVersion = systemVersionWith(hello, lacking);
    if (file !== undefined && file.assets.length > 0 && systemVersion < FIRST_WITH_ASSETS) {
      return { lacking, obstacle: 'device_os_too_old', message: 'The Device OS of the device takes no assets' };
    }
    const present = new Set(describe?.assets?.map(({ hash }) => hash));
    const key = [
      hello.platformId,
      hello.flags & HelloFlag.COMPRESSED_OTA,
      ...lacking.modules.map(({ hash }) => hash),
      file?.hash ?? 'modules',
      ...(file?.assets.filter((hash) => present.has(hash)) ?? []),
    ].join(' ');
    const plan = await this.#plans.get(key, async () => {
      const files = [...(await readModuleFiles(this.#parts.blobs, lacking.modules)), ...(file?.upload.files ?? [])];
      const upload = { files, assets: file?.upload.assets ?? new Map<string, Uint8Array>() };
      return planUpdate(upload, { ...sizeless(hello), systemVersion }, present);
    });
    const { maxBinarySize = Number.POSITIVE_INFINITY } = hello;
    const largest = plan.images.reduce((most, { data }) => Math.max(most, data.length), 0);
    if (largest <= maxBinarySize) return { lacking, plan };
    const message = `${largest} bytes of firmware: the device takes ${maxBinarySize} at most`;
    return { lacking, obstacle: 'too_large', message };
  }

  /** A device that has described no modules lacks nothing as far as anybody knows. */
  async #lacking({ hello, describe }: PlannedDevice, needs: Needs): Promise<LackingModules> {
    if (lackingModules(describe, needs, []).missing.length === 0) return NOTHING;
    return lackingModules(describe, needs, await findModulesFor(this.#parts.store.reads, hello.platformId));
  }

  #fileOf({ fileHash: hash, kind, fileName }: VersionFile): Promise<ParsedFile> {
    return this.#files.get(hash, async () => {
      const content = await this.#parts.blobs.get(hash);
      if (content === undefined) throw new DomainError('invalid', 'device.bad_firmware', `${fileName} is gone`);
      const upload = readUpload([{ name: kind === 'bundle' ? 'firmware.zip' : 'firmware.bin', content }]);
      const assets = [...upload.assets.values()].map((asset) => createHash('sha256').update(asset).digest('hex'));
      return { hash, upload, needs: needsBesides(upload.files.flatMap(expandModules)), assets };
    });
  }
}

/** The Device OS that the device has when the assets come. */
function systemVersionWith({ systemVersion = 0 }: HelloFacts, { modules }: LackingModules): number {
  const parts = modules.filter((module) => module.function === ModuleFunction.SYSTEM_PART);
  return Math.max(systemVersion, ...parts.map(({ version }) => version));
}

function sizeless({ maxBinarySize: _limit, ...hello }: HelloFacts): HelloFacts {
  return hello;
}

function unsuitable(error: unknown): DevicePlan {
  if (!(error instanceof DomainError)) throw error;
  return { lacking: NOTHING, obstacle: 'unsuitable', message: error.message };
}
