import { ModuleFlag } from '@cloudchamber/wire';
import type { Context } from '../../program/context.ts';
import { checkVersion } from '../usb/change-mode.ts';
import { chooseDevice } from '../usb/choose-devices.ts';
import { usbPlatform } from '../usb/usb-platform.ts';
import type { UsbPort } from '../usb/usb-port.ts';
import { deviceOsModules } from './firmware-library.ts';
import { planFlash } from './flash-plan.ts';
import { runFlash } from './run-flash.ts';

interface Update {
  readonly device: string | undefined;
  /** Of Device OS, such as `6.2.0`; the newest of the cloud without. */
  readonly target: string | undefined;
}

/** Installs Device OS of the cloud's library on a device on USB, network processor and radio stack with it (CLI-61). */
export async function updateDevice({ device: word, target }: Update, port: UsbPort, context: Context): Promise<void> {
  const { out } = context;
  const device = await chooseDevice(word, port, context);
  checkVersion(device);
  const { modules, version } = await deviceOsModules(target, device.platformId, context);
  // What is encrypted was made for another way to install it.
  const usable = modules.filter(({ module }) => (module.prefix.flags & ModuleFlag.ENCRYPTED) === 0);
  const platform = usbPlatform(device.platformId);
  const steps = planFlash(usable, { platform, factory: false, isInDfu: device.mode === 'dfu' });
  out.note('> Your device is ready for a system update.');
  out.note('> This process should take about 30 seconds. Here goes!\n');
  await runFlash(steps, device, port, context);
  out.result({ id: device.id, version, flashed: steps.map(({ name, data }) => ({ name, bytes: data.length })) }, [
    '! System firmware update successfully completed!',
    '',
    '> Your device should now restart automatically.',
  ]);
}
