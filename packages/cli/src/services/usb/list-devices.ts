import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { typeOf } from './choose-devices.ts';
import { usbPlatform } from './usb-platform.ts';
import type { UsbDeviceInfo, UsbPort } from './usb-port.ts';

interface ListOptions {
  readonly excludeDfu: boolean;
  readonly idsOnly: boolean;
}

interface ListedDevice extends UsbDeviceInfo {
  /** In the cloud; null when it has none or is not known there, undefined when the cloud could not be asked. */
  readonly name: string | null | undefined;
}

/** Prints the devices on USB (CLI-52). Their names come from the cloud, when somebody is logged in there; without one the list is still a list. */
export async function listDevices(
  { excludeDfu, idsOnly }: ListOptions,
  port: UsbPort,
  { out, cloud, settings, interrupted }: Pick<Context, 'out' | 'cloud' | 'settings' | 'interrupted'>,
): Promise<void> {
  const devices = (await port.list()).filter(({ mode }) => !(excludeDfu && mode === 'dfu'));
  if (idsOnly) {
    const ids = devices.map(({ id }) => id).sort();
    out.result(ids, ids);
    return;
  }
  let askable = settings.token !== undefined;
  const nameOf = async (id: string): Promise<string | null | undefined> => {
    if (!askable) return undefined;
    try {
      return (await cloud.call('getDevice', { params: { deviceId: id } })).name;
    } catch (error) {
      if (interrupted.aborted) throw error;
      if (isUnknown(error)) return null;
      askable = false;
      return undefined;
    }
  };
  const listed: ListedDevice[] = [];
  for (const device of devices) listed.push({ ...device, name: await nameOf(device.id) });
  listed.sort((one, other) => (one.name ?? '').localeCompare(other.name ?? '') || one.id.localeCompare(other.id));
  out.result(
    listed.map(({ id, name, platformId, mode, version }) => ({
      id,
      name: name ?? null,
      platform_id: platformId,
      platform: usbPlatform(platformId).name,
      mode,
      device_os_version: version ?? null,
    })),
    listed.length === 0 ? 'No devices found.' : listed.map(lineOf),
  );
}

/** `<name> [<id>] (<platform>, <mode>)`. */
function lineOf(device: ListedDevice): string {
  const { name } = device;
  const shown = name === undefined ? '<unknown>' : name === null || name === '' ? '<no name>' : printable(name);
  return `${shown} [${device.id}] (${typeOf(device)})`;
}

function isUnknown(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return status === 404 || status === 403 || (error instanceof CliError && error.kind === 'not-found');
}
