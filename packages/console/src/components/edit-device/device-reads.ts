import type { OperationName, Output } from '@cloudchamber/contract';

export type ProductDevice = Output<'getProductDevice'>;

/** What shows a product's device, and is read anew when one has changed. */
export const DEVICE_READS: readonly OperationName[] = [
  'listProductDevices',
  'getProductDevice',
  'listDevices',
  'getDevice',
  'listGroups',
  'listProductFirmware',
  'listProductDeviceUpdates',
  'listProductUpdates',
  'getFleet',
];
