import { printable } from '../../output/printable.ts';
import { portLine } from './choose-port.ts';
import { type DevicePort, knownPort } from './known-port.ts';
import type { SerialHost } from './serial-host.ts';

interface FoundPorts {
  readonly devices: readonly DevicePort[];
  /** Paths of ports that are not known to be of devices. */
  readonly others: readonly string[];
}

/** CLI-47: devices on the serial ports of this machine. */
export async function listDevices(host: SerialHost): Promise<FoundPorts> {
  const ports = await host.list();
  const others = ports.filter((port) => knownPort(port) === undefined);
  return {
    devices: ports.map(knownPort).filter((port) => port !== undefined),
    others: others.map(({ path }) => printable(path)),
  };
}

export function listText(devices: readonly DevicePort[]): string[] {
  if (devices.length === 0) return ['No devices available via serial'];
  const heading = `Found ${devices.length} ${devices.length > 1 ? 'devices' : 'device'} connected via serial:`;
  return [heading, ...devices.map(portLine)];
}
