import type { DeviceVariableType } from './variable-value.ts';

/** Module functions as numbered in module files and Describe (protocol section 9.4). */
export const ModuleFunction = {
  NONE: 0,
  RESOURCE: 1,
  BOOTLOADER: 2,
  MONOLITHIC: 3,
  SYSTEM_PART: 4,
  USER_PART: 5,
  SETTINGS: 6,
  NCP_FIRMWARE: 7,
  RADIO_STACK: 8,
  ASSET: 9,
} as const;

/** Where a module is kept. */
export const ModuleStore = { MAIN: 0, FACTORY: 1, BACKUP: 2, SCRATCH: 3 } as const;

/** Checks that a module went through or passed (protocol section 8.3). */
export const ModuleValidity = {
  INTEGRITY: 0x02,
  DEPENDENCIES: 0x04,
  RANGE: 0x08,
  PLATFORM: 0x10,
  PRODUCT: 0x20,
  FULL_DEPENDENCIES: 0x40,
} as const;

export interface ModuleDependency {
  /** `ModuleFunction`. */
  readonly function: number;
  readonly index: number;
  readonly version: number;
}

export interface DeviceAsset {
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly name: string;
  /** Bytes of the content. */
  readonly size: number;
  /** Bytes that it takes on the device. */
  readonly storageSize: number;
}

export interface FirmwareModule {
  /** `ModuleFunction`; a number that isn't there comes from newer firmware. */
  readonly function: number;
  readonly index: number;
  readonly version: number;
  /** `ModuleStore`. */
  readonly store: number;
  /** Bytes that the module may take. */
  readonly maxSize: number;
  /** Bytes that it takes; 0 when unknown. */
  readonly size: number;
  /** `ModuleValidity` bits: what was checked, and what of that passed. */
  readonly checkedFlags: number;
  readonly passedFlags: number;
  /** SHA-256 in hex; sent for the user part only. */
  readonly hash?: string;
  readonly dependencies: readonly ModuleDependency[];
  readonly assetDependencies: readonly DeviceAsset[];
}

/** What the system part of Describe says, whichever form it came in (protocol section 8.3). */
export interface SystemDescribe {
  /** JSON form only: the protobuf form leaves it to Hello. */
  readonly platformId?: number;
  readonly modules: readonly FirmwareModule[];
  readonly imei?: string;
  readonly iccid?: string;
  readonly modemFirmware?: string;
  /** Assets present on the device. */
  readonly assets: readonly DeviceAsset[];
  /** True on a device in protected state. */
  readonly protectedState: boolean;
}

/** The functions and variables that an application registered (protocol section 8.2). */
export interface ApplicationDescribe {
  readonly functions: readonly string[];
  readonly variables: Readonly<Record<string, DeviceVariableType>>;
}
