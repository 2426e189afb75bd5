import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { factLines, functionLines, labelOf, valueLines, variableLines } from './device-text.ts';
import { type Device, findDevice } from './find-device.ts';

interface Place {
  /** Id or name. */
  readonly device: string;
  readonly product?: string | undefined;
}

/** A device, and what its hardware is called. */
export async function lookAtDevice(
  { cloud }: Pick<Context, 'cloud'>,
  { device, product }: Place,
): Promise<{ readonly device: Device; readonly platform: string }> {
  const [found, { platforms }] = await Promise.all([findDevice(cloud, device, product), cloud.call('listPlatforms')]);
  const platform = platforms.find(({ id }) => id === found.platform_id)?.display_name;
  return { device: found, platform: platform ?? `platform ${found.platform_id}` };
}

/** All that people want to know of a device. */
export function deviceFacts(device: Device, platform: string): readonly string[] {
  const known = (value: string | number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : printable(String(value));
  const [firstNote, ...notes] = device.notes === null ? [] : valueLines(device.notes);
  const { quarantined, denied, development, groups = [] } = device;
  return [
    labelOf(device),
    ...factLines([
      ['  Online', device.online ? 'yes' : 'no'],
      ['  Mode', device.status === 'safe_mode' ? 'safe mode' : undefined],
      ['  Platform', printable(platform)],
      ['  Device OS', known(device.system_firmware_version)],
      ['  Serial number', known(device.serial_number)],
      ['  IMEI', known(device.imei)],
      ['  ICCID', known(device.iccid)],
      ['  Owner', known(device.owner) ?? 'nobody'],
      ['  Product', device.product_id === device.platform_id ? undefined : String(device.product_id)],
      ['  Firmware version', known(device.firmware_version)],
      ['  Locked to', known(device.desired_firmware_version)],
      ['  Groups', groups.length === 0 ? undefined : groups.map(printable).join(', ')],
      ['  Marks', marks({ quarantined, denied, development })],
      ['  Last heard', known(device.last_heard) ?? 'never'],
      ['  Last handshake', known(device.last_handshake_at) ?? 'never'],
      ['  Last address', known(device.last_ip_address)],
      ['  Notes', firstNote],
    ]),
    ...notes.map((line) => `    ${line}`),
    ...section('  Variables:', variableLines(device)),
    ...section('  Functions:', functionLines(device)),
  ];
}

function marks(given: Readonly<Record<string, boolean | undefined>>): string | undefined {
  const set = Object.entries(given).flatMap(([name, on]) => (on === true ? [name] : []));
  return set.length === 0 ? undefined : set.join(', ');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
