import type { OperationName, Output } from '@cloudchamber/contract';

export type Group = Output<'listGroups'>['groups'][number];

/** What shows groups, and is read anew when one has changed. */
export const GROUP_READS: readonly OperationName[] = [
  'listGroups',
  'getGroup',
  'getProduct',
  'listProductDevices',
  'getProductDevice',
  'listProductFirmware',
  'getReleaseImpact',
];
