import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptedDevice } from './scripted-device.ts';

/** The part of the library `usb` that is used; devices are files in the folder that SCRIPTED_USB names, so that they outlive a command. */
const folder = process.env.SCRIPTED_USB ?? '';
const devices = new Map<string, ScriptedDevice>();

/** As libusb: one object for as long as a device stays attached, and another when it comes back. */
export function getDeviceList(): ScriptedDevice[] {
  const ids = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return ids.flatMap((name) => {
    const path = join(folder, name.replace(/\.json$/, ''));
    let device = devices.get(path);
    if (device?.isGone === true) device = undefined;
    device ??= ScriptedDevice.attached(path);
    if (device === undefined) devices.delete(path);
    else devices.set(path, device);
    return device === undefined ? [] : [device];
  });
}
