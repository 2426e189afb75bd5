import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { openInDfu, openNow, openWhenBack } from '../usb/open-device.ts';
import type { UsbDevice, UsbDeviceInfo, UsbPort } from '../usb/usb-port.ts';
import { wait } from '../usb/wait.ts';
import type { FlashStep } from './flash-plan.ts';

type Part = Pick<Context, 'out' | 'clock' | 'interrupted'>;

/** Device OS needs that long before it starts to install what it was handed. */
const INSTALL_MS = 3_000;
/** And that long for it. */
const INSTALLED_WITHIN_MS = 120_000;

/** Writes one step after the other. The device runs as usual afterwards; after a failure it may be in DFU mode, which is said. */
export async function runFlash(
  steps: readonly FlashStep[],
  info: UsbDeviceInfo,
  port: UsbPort,
  context: Part,
): Promise<void> {
  let opened: UsbDevice | undefined;
  try {
    for (const step of steps) {
      const inRightMode: boolean = opened !== undefined && (opened.mode === 'dfu') === (step.place !== undefined);
      if (opened === undefined || !inRightMode) {
        await leave(opened);
        opened =
          step.place === undefined
            ? await openRunning(port, info.id, context)
            : await openInDfu(port, info.id, context);
      }
      await flashOne(step, opened, context);
      if (step.place !== undefined) continue;
      await opened.close();
      await wait(INSTALL_MS, context.interrupted);
      opened = await openWhenBack(port, info.id, 'running', context, INSTALLED_WITHIN_MS);
    }
    await leave(opened);
    opened = undefined;
  } catch (error) {
    if (opened?.mode === 'dfu' && !(error instanceof CliError && error.kind === 'offline')) {
      context.out.warn(`The device ${info.id} is in DFU mode, and not all was written: run the command again.`);
    }
    throw error;
  } finally {
    await opened?.close();
  }
}

async function flashOne({ name, data, place }: FlashStep, device: UsbDevice, { out }: Part): Promise<void> {
  const bar = out.bar(`Flashing ${name}`, data.length);
  const progress = (done: number): void => bar.update(done);
  try {
    if (place === undefined) await device.updateFirmware(data, progress);
    else await device.writeDfu(place, data, true, progress);
  } finally {
    bar.end();
  }
}

/** The device as it runs, listening, so that nothing comes over the network meanwhile. */
async function openRunning(port: UsbPort, id: string, context: Part): Promise<UsbDevice> {
  let device = await openNow(port, id);
  if (device.mode === 'dfu') {
    await device.close();
    device = await openWhenBack(port, id, 'running', context);
  }
  if (device.mode === 'normal') await device.startListening();
  return device;
}

async function leave(device: UsbDevice | undefined): Promise<void> {
  if (device === undefined) return;
  try {
    if (device.mode === 'dfu') await device.reset();
  } finally {
    await device.close();
  }
}
