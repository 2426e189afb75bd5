import { findPlatform } from '@cloudchamber/wire';
import type { DfuPlace } from './usb-port.ts';

/** What desk commands know of a platform. */
export interface UsbPlatform {
  readonly id: number;
  /** For people: `Boron`, or `Platform 99`. */
  readonly name: string;
  /** What its keys are for: `udp` goes with P-256, `tcp` with RSA. */
  readonly transport: 'udp' | 'tcp';
  /** Oldest Device OS that takes commands over USB; undefined where none does (CLI-60). */
  readonly leastVersion: string | undefined;
  /** Whether Device OS up to 3 keeps a flag that setup is done (CLI-58). */
  readonly hasSetupFlag: boolean;
  /** Where the application for factory reset is kept (CLI-18). */
  readonly factory: DfuPlace | undefined;
  /** The beginning of an application where Device OS before 3.1 had it, which must not be found there later on. */
  readonly formerApplication: (DfuPlace & { readonly size: number }) | undefined;
}

const CORE = 0;
const GEN2_FACTORY: ReadonlyMap<number, number> = new Map([
  [6, 0x080e0000],
  [8, 0x080e0000],
  [10, 0x080a0000],
]);
/** The boards with an nRF52840; the first address is for 4 MB of external flash, the second for 8 MB. */
const NRF: ReadonlyMap<number, number> = new Map([
  ...[12, 13, 14, 15, 22, 23, 24, 37].map((id) => [id, 0x0020_0000] as const),
  ...[25, 26].map((id) => [id, 0x0060_0000] as const),
]);
const EXTERNAL_FLASH = 2;
const FORMER_APPLICATION = { alt: 0, address: 0xd4000, size: 4096 };

/** Platforms that are not known are taken for newer ones. */
export function usbPlatform(id: number): UsbPlatform {
  const known = findPlatform(id);
  const gen2 = GEN2_FACTORY.get(id);
  const nrf = NRF.get(id);
  const factory =
    gen2 !== undefined
      ? { alt: 0, address: gen2 }
      : nrf !== undefined
        ? { alt: EXTERNAL_FLASH, address: nrf }
        : undefined;
  return {
    id,
    name: known?.displayName ?? `Platform ${id}`,
    transport: known?.transport ?? 'udp',
    leastVersion: id === CORE ? undefined : gen2 !== undefined ? '1.0.0' : '0.9.0',
    hasSetupFlag: nrf !== undefined,
    factory,
    formerApplication: nrf === undefined ? undefined : FORMER_APPLICATION,
  };
}

/** Whether a version of Device OS, such as `3.1.0-rc.1`, is at least another. */
export function isAtLeast(version: string, least: string): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [at, wanted] of least.split('.').map(Number).entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
