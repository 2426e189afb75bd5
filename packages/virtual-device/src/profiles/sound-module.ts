import type { FirmwareModule, ModuleDependency } from '@cloudchamber/wire';
import { ModuleFunction, ModuleStore, ModuleValidity } from '@cloudchamber/wire';

const CHECKS =
  ModuleValidity.INTEGRITY |
  ModuleValidity.DEPENDENCIES |
  ModuleValidity.RANGE |
  ModuleValidity.PLATFORM |
  ModuleValidity.FULL_DEPENDENCIES;

/** What differs between the modules that a device reports. */
export interface ReportedModule {
  /** `ModuleFunction`. */
  readonly function: number;
  readonly index: number;
  readonly version: number;
  readonly maxSize: number;
  readonly dependencies?: readonly ModuleDependency[];
}

/** A module in the main store that has passed all its checks (protocol section 8.3). */
export function soundModule(module: ReportedModule): FirmwareModule {
  const checks = { checkedFlags: CHECKS, passedFlags: CHECKS };
  return { dependencies: [], ...module, ...checks, store: ModuleStore.MAIN, size: 0, assetDependencies: [] };
}

/** Bootloader and system part of boards with one system module: Gen 3 and later. */
export function bootloaderAndSystem(bootloader: number, system: number, maxSize: number): FirmwareModule[] {
  const loader = { function: ModuleFunction.BOOTLOADER, index: 0, version: bootloader };
  return [
    soundModule({ ...loader, maxSize: 81_920 }),
    soundModule({ function: ModuleFunction.SYSTEM_PART, index: 1, version: system, maxSize, dependencies: [loader] }),
  ];
}
