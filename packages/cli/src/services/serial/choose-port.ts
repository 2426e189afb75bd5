import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { type DevicePort, knownPort } from './known-port.ts';
import type { SerialHost } from './serial-host.ts';

/** What to look at where no device is found. */
export const WHERE_DEVICES_ARE =
  'Is it plugged in, with a cable that carries data, and not in DFU mode (blinking yellow)? On Linux, "chamber usb configure" lets you use it.';

/**
 * The port that is meant.
 * @param wanted a place in the list from 1, a port, or a device id; undefined: the only device, or the one that is asked for
 * @throws CliError `not-found`, or `usage` that names `--port` where nobody can be asked
 */
export async function choosePort(
  wanted: string | undefined,
  host: SerialHost,
  { ask }: Pick<Context, 'ask'>,
): Promise<DevicePort> {
  const devices = (await host.list()).map(knownPort).filter((port) => port !== undefined);
  if (wanted !== undefined) return named(wanted, devices);
  const [first, ...others] = devices;
  if (first === undefined) {
    throw new CliError('not-found', 'There is no device on a serial port of this machine', { next: WHERE_DEVICES_ARE });
  }
  if (others.length === 0) return first;
  const path = await ask.select(
    'Which device did you mean?',
    '--port',
    devices.map((device) => ({ value: device.path, label: portLine(device) })),
  );
  return devices.find((device) => device.path === path) ?? first;
}

/** A port of the list, for people. */
export function portLine({ path, type, deviceId }: DevicePort): string {
  return printable([path, type, ...(deviceId === undefined ? [] : [deviceId])].join(' - '));
}

function named(wanted: string, devices: readonly DevicePort[]): DevicePort {
  const isPlace = /^\d{1,3}$/.test(wanted);
  const isId = /^[0-9a-f]{24}$/i.test(wanted);
  const found = isPlace
    ? devices[Number(wanted) - 1]
    : devices.find(({ path, deviceId }) => (isId ? deviceId === wanted.toLowerCase() : path === wanted));
  if (found !== undefined) return found;
  // Other ports are tried: a device may be behind an adapter, or be a virtual one.
  if (!isPlace && !isId) return { path: wanted, platformId: undefined, type: '', deviceId: undefined };
  const what = isPlace ? `device number ${wanted}` : `device ${wanted}`;
  throw new CliError('not-found', `There is no ${what} on a serial port of this machine`, {
    next: `"chamber serial list" shows ${devices.length} ${devices.length === 1 ? 'device' : 'devices'}. ${WHERE_DEVICES_ARE}`,
  });
}
