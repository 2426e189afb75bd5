import { findPlatform } from '@cloudchamber/wire';
import { printable } from '../../output/printable.ts';
import { openTable } from '../../output/table.ts';
import type { ProductDevice } from './find-product-device.ts';

/** A table of devices that come in portions. */
export function productDeviceTable(): (devices: readonly ProductDevice[]) => string[] {
  const lines = openTable(['Name', 'Id', 'State', 'Firmware', 'Desired', 'Online', 'Groups']);
  return (devices) => lines(devices.map(cellsOf));
}

function cellsOf(device: ProductDevice): string[] {
  return [
    printable(device.name),
    device.id,
    stateOf(device),
    version(device.firmware_version),
    desired(device),
    device.online ? 'yes' : 'no',
    printable(device.groups.join(', ')),
  ];
}

const version = (number: number | null): string => (number === null ? '-' : String(number));

/** Its standing in the product, in a word. */
function stateOf({ quarantined, denied, development }: ProductDevice): string {
  if (denied) return 'denied';
  if (quarantined) return 'quarantined';
  return development ? 'development' : 'member';
}

/** What it should run: the lock comes before what is released to it. */
function desired({
  desired_firmware_version: lock,
  targeted_firmware_release_version: released,
}: ProductDevice): string {
  return lock === null ? version(released) : `${lock} (locked)`;
}

/** Everything about one. */
export function productDeviceDetails(device: ProductDevice): string[] {
  const { variables, functions } = device;
  const lines: readonly (readonly [label: string, value: string])[] = [
    ['Name', device.name],
    ['Platform', findPlatform(device.platform_id)?.displayName ?? String(device.platform_id)],
    ['State', stateOf(device)],
    ['Online', device.online ? 'yes' : 'no'],
    ['Last heard', device.last_heard ?? 'never'],
    ['Firmware', version(device.firmware_version)],
    ['Desired', desired(device)],
    ['Device OS', device.system_firmware_version ?? '-'],
    ['Groups', device.groups.join(', ')],
    ['Owner', device.owner ?? '-'],
    ['Serial number', device.serial_number ?? '-'],
    ['Notes', device.notes ?? ''],
    [
      'Variables',
      Object.entries(variables ?? {})
        .map(([name, type]) => `${name} (${type})`)
        .join(', '),
    ],
    ['Functions', (functions ?? []).join(', ')],
  ];
  const width = Math.max(...lines.map(([label]) => label.length)) + 1;
  const shown = lines.filter(([, value]) => value !== '');
  return [device.id, ...shown.map(([label, value]) => `  ${`${label}:`.padEnd(width)} ${printable(value)}`)];
}
