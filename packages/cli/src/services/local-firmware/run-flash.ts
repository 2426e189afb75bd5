import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { openNow, openWhenBack } from '../usb/open-device.ts';
import type { UsbDevice, UsbDeviceInfo, UsbPort } from '../usb/usb-port.ts';
import { wait } from '../wait.ts';
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
  let opened = await openNow(port, info.id);
  let entering = false;
  try {
    for (const step of steps) {
      const wanted = step.place === undefined ? 'running' : 'dfu';
      if ((opened.mode === 'dfu') !== (wanted === 'dfu')) {
        entering = wanted === 'dfu';
        await changeTo(wanted, opened);
        opened = await openWhenBack(port, info.id, wanted, context);
        entering = false;
      }
      // So that nothing comes over the network meanwhile.
      if (wanted === 'running' && opened.mode === 'normal') await opened.startListening();
      await flashOne(step, opened, context);
      if (wanted === 'dfu') continue;
      await opened.close();
      await wait(INSTALL_MS, context.interrupted);
      opened = await openWhenBack(port, info.id, 'running', context, INSTALLED_WITHIN_MS);
    }
    if (opened.mode === 'dfu') await opened.reset();
  } catch (error) {
    const kind = error instanceof CliError ? error.kind : undefined;
    if ((opened.mode === 'dfu' && kind !== 'offline') || (entering && kind === 'interrupted')) {
      context.out.warn(`The device ${info.id} is in DFU mode, and not all was written: run the command again.`);
    }
    throw error;
  } finally {
    await opened.close();
  }
}

/** The device restarts, and is closed. */
async function changeTo(wanted: 'dfu' | 'running', device: UsbDevice): Promise<void> {
  try {
    await (wanted === 'dfu' ? device.enterDfu() : device.reset());
  } finally {
    await device.close();
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
