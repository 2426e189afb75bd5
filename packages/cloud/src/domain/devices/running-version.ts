import type { Device } from './device.ts';

/** What tells which firmware a device runs. */
export type FirmwareFacts = Pick<Device, 'productId' | 'firmwareProductId' | 'firmwareVersion'>;

/**
 * The version of its product's firmware that a device runs; null for a device in no product and for firmware of another one. Firmware that names no product has the version
 * that it says: Device OS 4.0 and later knows PRODUCT_VERSION only, and which product that is of follows from where the device is. SQL says the same as `runsFirmwareOf`.
 */
export function runningVersion({ productId, firmwareProductId, firmwareVersion }: FirmwareFacts): number | null {
  if (productId === null) return null;
  return firmwareProductId === null || firmwareProductId === productId ? firmwareVersion : null;
}
