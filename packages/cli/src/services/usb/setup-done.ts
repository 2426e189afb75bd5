import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { checkVersion } from './change-mode.ts';
import { chooseDevices, type Wanted } from './choose-devices.ts';
import { openNow } from './open-device.ts';
import { isAtLeast, usbPlatform } from './usb-platform.ts';
import type { UsbDeviceInfo, UsbPort } from './usb-port.ts';

/** Since this version there is no such flag. */
const WITHOUT_FLAG = '4.0.0';

/**
 * Sets or clears the flag that setup is done (CLI-58), and has the device stop or start listening. A device without the flag starts in listening mode, so that
 * mode is taken as well as normal and safe mode. Does nothing where there is no such flag.
 */
export async function setSetupDone(
  done: boolean,
  wanted: Wanted,
  port: UsbPort,
  context: Pick<Context, 'out' | 'ask' | 'cloud'>,
): Promise<void> {
  const devices = await chooseDevices(wanted, port, context);
  const results: { readonly id: string; readonly changed: boolean; readonly says: string }[] = [];
  for (const info of devices) {
    const reason = needless(info);
    if (reason !== undefined) {
      results.push({ id: info.id, changed: false, says: `Device ${info.id} ${reason}: nothing to do` });
      continue;
    }
    checkVersion(info);
    if (info.mode === 'dfu') {
      throw new CliError('failure', `The device ${info.id} is in DFU mode: setup done needs normal or safe mode`, {
        next: `Run "chamber usb reset ${info.id}" first.`,
      });
    }
    const device = await openNow(port, info.id);
    try {
      await device.setSetupDone(done);
      if (!done) await device.startListening();
      else if (device.mode !== 'normal') await device.stopListening();
    } finally {
      await device.close();
    }
    const says = done ? 'setup is marked as done' : 'setup is no longer marked as done: it starts in listening mode';
    results.push({ id: info.id, changed: true, says: `Device ${info.id}: ${says}` });
  }
  context.out.result(
    results.map(({ id, changed }) => ({ id, changed })),
    results.map(({ says }) => says),
  );
}

function needless({ platformId, version }: UsbDeviceInfo): string | undefined {
  const { hasSetupFlag, name } = usbPlatform(platformId);
  if (!hasSetupFlag) return `is a ${name}, which has no such flag`;
  if (version !== undefined && isAtLeast(version, WITHOUT_FLAG))
    return `has Device OS ${version}, which has no such flag`;
  return undefined;
}
