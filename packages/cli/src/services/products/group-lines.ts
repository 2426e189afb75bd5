import type { Output } from '@cloudchamber/contract/client';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';

export type Group = Output<'listGroups'>['groups'][number];

/** A line for each group. */
export function groupLines(groups: readonly Group[]): string[] {
  const rows = groups.map(({ name, device_count: devices, fw_version: version, description }) => [
    printable(name),
    String(devices),
    version === null ? '-' : String(version),
    printable(description),
  ]);
  return rows.length === 0 ? ['No groups'] : tableOf(['Name', 'Devices', 'Firmware', 'Description'], rows);
}
