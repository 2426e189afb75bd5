import { ModuleFlag, ModuleFunction, type ModuleImage } from '@cloudchamber/wire';
import { CliError } from '../../failure/cli-error.ts';
import type { UsbPlatform } from '../usb/usb-platform.ts';
import type { DfuPlace } from '../usb/usb-port.ts';

/** A module with a name for people. */
export interface NamedModule {
  readonly name: string;
  readonly module: ModuleImage;
}

/** Something that is written: over DFU to a place, or handed to Device OS, which installs it. */
export interface FlashStep {
  readonly name: string;
  readonly data: Uint8Array;
  /** Undefined when Device OS installs it. */
  readonly place: DfuPlace | undefined;
}

interface PlanOptions {
  readonly platform: UsbPlatform;
  readonly factory: boolean;
  readonly isInDfu: boolean;
}

const INTERNAL_FLASH = 0;
/** Device OS 3.1 is the first that has applications elsewhere. */
const MOVED_SINCE = 3103;
const ERASED = 0xff;
const PREFIX_BYTES = 24;

/**
 * What is written in which order: what Device OS installs goes before what is written over DFU, or behind it when the device is in DFU mode already, since what it
 * runs may be broken; assets last. Of each kind a module comes after those that it depends on.
 * @throws CliError for a module of another platform, and for what has no place in the device
 */
export function planFlash(modules: readonly NamedModule[], { platform, factory, isInDfu }: PlanOptions): FlashStep[] {
  for (const { name, module } of modules) checkPlatform(name, module, platform);
  const dfu: FlashStep[] = [];
  const installed: FlashStep[] = [];
  const assets: FlashStep[] = [];
  for (const { name, module } of byDependencies(modules)) {
    const kind = module.prefix.function;
    if (factory && kind !== ModuleFunction.USER_PART) {
      throw new CliError('failure', `${name} is no application: nothing else can be flashed for factory reset`);
    }
    if (kind === ModuleFunction.ASSET) assets.push({ name, data: module.bytes, place: undefined });
    else if (kind === ModuleFunction.BOOTLOADER || kind === ModuleFunction.NCP_FIRMWARE) {
      installed.push({ name, data: module.bytes, place: undefined });
    } else {
      const former = factory ? undefined : formerApplication(module, platform);
      if (former !== undefined) dfu.push(former);
      dfu.push({ name, data: flashBytes(module), place: placeOf(module, platform, factory) });
    }
  }
  return isInDfu ? [...dfu, ...installed, ...assets] : [...installed, ...dfu, ...assets];
}

function checkPlatform(name: string, { prefix }: ModuleImage, { id, name: own }: UsbPlatform): void {
  if (prefix.function === ModuleFunction.ASSET || prefix.platformId === id) return;
  throw new CliError('failure', `${name} is for platform ${prefix.platformId}, and the device is a ${own} (${id})`);
}

function placeOf({ prefix }: ModuleImage, { factory: slot, name }: UsbPlatform, factory: boolean): DfuPlace {
  if (!factory) return { alt: INTERNAL_FLASH, address: prefix.startAddress };
  if (slot !== undefined) return slot;
  throw new CliError('failure', `A ${name} has no place for an application for factory reset`);
}

/** Radio stacks lie in flash without what the module says of itself. */
function flashBytes({ bytes, prefix }: ModuleImage): Uint8Array {
  return (prefix.flags & ModuleFlag.DROP_INFO) === 0 ? bytes : bytes.subarray(prefix.offset + PREFIX_BYTES);
}

function formerApplication({ prefix, dependencies }: ModuleImage, platform: UsbPlatform): FlashStep | undefined {
  const place = platform.formerApplication;
  if (place === undefined || prefix.function !== ModuleFunction.USER_PART) return undefined;
  const needs = dependencies.find(({ function: kind }) => kind === ModuleFunction.SYSTEM_PART);
  if (needs === undefined || needs.version < MOVED_SINCE) return undefined;
  return { name: 'the place of former applications', data: Buffer.alloc(place.size, ERASED), place };
}

/** Each behind those that it depends on, otherwise as they were; a circle stays as it is. */
function byDependencies(modules: readonly NamedModule[]): NamedModule[] {
  const ordered: NamedModule[] = [];
  const waiting = [...modules];
  while (waiting.length > 0) {
    const ready = waiting.findIndex((one) => !waiting.some((other) => other !== one && dependsOn(one, other)));
    ordered.push(...waiting.splice(Math.max(0, ready), 1));
  }
  return ordered;
}

function dependsOn({ module }: NamedModule, { module: other }: NamedModule): boolean {
  return module.dependencies.some(
    (needed) => needed.function === other.prefix.function && needed.index === other.prefix.index,
  );
}
