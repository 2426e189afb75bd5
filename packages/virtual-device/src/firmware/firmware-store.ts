import {
  type AssetReference,
  type DeviceAsset,
  ExtensionType,
  type FirmwareModule,
  ModuleFunction,
  type ModuleImage,
  ModuleStore,
  ModuleValidity,
  readHashExtension,
} from '@cloudchamber/wire';
import type { FirmwareStorage } from './firmware-storage.ts';
import { decodeFirmware, encodeFirmware } from './kept-firmware.ts';

/** An image that has not arrived whole yet; survives restarts, so that its transfer can go on (protocol section 9.1). */
export interface PartialImage {
  /** SHA-256 of the whole file, hex. */
  readonly sha256: string;
  readonly data: Buffer;
  /** Bytes that are there from the beginning without a gap. */
  received: number;
}

const CHECKS =
  ModuleValidity.INTEGRITY |
  ModuleValidity.DEPENDENCIES |
  ModuleValidity.RANGE |
  ModuleValidity.PLATFORM |
  ModuleValidity.FULL_DEPENDENCIES;
const NO_PRODUCT = 0xffff;

/** What a device keeps in its flash of the firmware that it got over the air: modules, assets, and what is still on its way. */
export class FirmwareStore {
  /** An update was applied, and the cloud does not know yet: the next Hello says so. */
  updated = false;
  partial: PartialImage | undefined;
  /** Product id and version of the application that came over the air last; undefined when it is of no product. */
  product: { readonly id: number; readonly version: number } | undefined;
  readonly #modules = new Map<string, FirmwareModule>();
  readonly #assets = new Map<string, DeviceAsset>();
  readonly #storage: FirmwareStorage | undefined;

  /** @param storage where it outlives the process; nowhere when absent. What has not arrived whole is not kept there. */
  constructor(storage?: FirmwareStorage) {
    this.#storage = storage;
    const bytes = storage?.load();
    const kept = bytes && decodeFirmware(bytes);
    if (kept === undefined) return;
    this.updated = kept.updated;
    this.product = kept.product;
    for (const module of kept.modules) this.#modules.set(key(module.function, module.index), module);
    for (const asset of kept.assets) this.#assets.set(asset.name, asset);
  }

  /** Assets present, by name. */
  get assets(): readonly DeviceAsset[] {
    return [...this.#assets.values()];
  }

  /** A module that came over the air, or undefined. */
  module(kind: number, index: number): FirmwareModule | undefined {
    return this.#modules.get(key(kind, index));
  }

  /** The modules that the device was made with, each in its present version, and what else has come. */
  modules(made: readonly FirmwareModule[]): FirmwareModule[] {
    const places = new Map(made.map((module) => [key(module.function, module.index), module]));
    for (const [place, module] of this.#modules) {
      places.set(place, { ...module, maxSize: places.get(place)?.maxSize ?? module.maxSize });
    }
    return [...places.values()];
  }

  /** Puts modules that were checked into their places. */
  install(images: readonly ModuleImage[]): void {
    for (const image of images) {
      if (image.prefix.function === ModuleFunction.ASSET) this.#installAsset(image);
      else this.#installModule(image);
    }
    this.partial = undefined;
    this.updated = true;
    this.#save();
  }

  /** What has arrived is given up; the device restarts without it. */
  reject(): void {
    this.partial = undefined;
    this.updated = false;
    this.#save();
  }

  /** The cloud has got a Hello: no other says it again. */
  reported(): void {
    if (!this.updated) return;
    this.updated = false;
    this.#save();
  }

  #save(): void {
    const { updated, product, assets } = this;
    this.#storage?.save(encodeFirmware({ updated, product, assets, modules: [...this.#modules.values()] }));
  }

  #installModule(image: ModuleImage): void {
    const { prefix, suffix, bytes } = image;
    const isUser = prefix.function === ModuleFunction.USER_PART;
    const unknownSizes = { size: 0, storageSize: 0 };
    this.#modules.set(key(prefix.function, prefix.index), {
      function: prefix.function,
      index: prefix.index,
      version: prefix.version,
      store: ModuleStore.MAIN,
      maxSize: bytes.length,
      size: bytes.length,
      checkedFlags: CHECKS,
      passedFlags: CHECKS,
      hash: isUser ? suffix.hash : undefined,
      dependencies: image.dependencies,
      assetDependencies: image.assets.map((asset) => ({ ...asset, ...unknownSizes })),
    });
    const { productId = NO_PRODUCT, productVersion = NO_PRODUCT } = suffix;
    if (!isUser) return;
    this.product = productId === NO_PRODUCT ? undefined : { id: productId, version: productVersion };
    this.#dropAssets(image.assets);
  }

  /** Assets that the application does not name are deleted (protocol section 9.5). */
  #dropAssets(needed: readonly AssetReference[]): void {
    const hashes = new Set(needed.map(({ hash }) => hash));
    for (const [name, { hash }] of this.#assets) if (!hashes.has(hash)) this.#assets.delete(name);
  }

  #installAsset({ suffix, bytes }: ModuleImage): void {
    const find = (wanted: number) => suffix.extensions.find(({ type }) => type === wanted);
    const name = find(ExtensionType.NAME);
    const hash = find(ExtensionType.HASH);
    if (name === undefined || hash === undefined) return;
    const text = Buffer.from(name.data).toString();
    const size = bytes.length;
    this.#assets.set(text, { name: text, hash: readHashExtension(hash), size, storageSize: size });
  }
}

function key(kind: number, index: number): string {
  return `${kind}/${index}`;
}
