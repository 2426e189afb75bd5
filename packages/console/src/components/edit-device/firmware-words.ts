import type { Output } from '@cloudchamber/contract';
import type { ProductDevice } from './device-reads.ts';

type Standing = Pick<
  ProductDevice,
  'firmware_version' | 'desired_firmware_version' | 'targeted_firmware_release_version' | 'development'
>;

/** @returns what the device runs and what it should run, and what follows from that (OTA-14 to 20) */
export function firmwareStanding(device: Standing): string {
  const { firmware_version: runs, desired_firmware_version: locked, development } = device;
  const released = device.targeted_firmware_release_version;
  const first = runs === null ? 'It has not reported firmware of this product.' : `It runs version ${runs}.`;
  return `${first} ${nextOf(runs, locked, released, development)}`;
}

function nextOf(runs: number | null, locked: number | null, released: number | null, development: boolean): string {
  if (development) {
    return 'As a development device it gets no product firmware by itself, and its lock has no effect.';
  }
  if (locked !== null) {
    return runs === locked
      ? 'It is locked to that, and gets no automatic update until it is unlocked.'
      : 'It gets the version that it is locked to at its next handshake.';
  }
  if (released === null) return 'No firmware is released to it.';
  return runs === released
    ? 'That is what is released to it.'
    : `Version ${released} is released to it, and sent at its next handshake.`;
}

type Firmware = Pick<Output<'listProductFirmware'>[number], 'version' | 'title' | 'product_default'>;

/** @returns the versions as choices of a form, the newest first */
export function versionChoices(versions: readonly Firmware[]): { value: string; label: string }[] {
  return versions
    .toSorted((a, b) => b.version - a.version)
    .map(({ version, title, product_default: isDefault }) => ({
      value: String(version),
      label: `${version} · ${title}${isDefault ? ' (product default)' : ''}`,
    }));
}
