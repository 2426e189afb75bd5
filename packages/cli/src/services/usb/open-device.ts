import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { wait } from '../wait.ts';
import type { UsbDevice, UsbPort } from './usb-port.ts';

/** A device that restarts is back within a few seconds; one that installs something takes longer. */
const RESTART_MS = 30_000;
const LOOK_EVERY_MS = 200;

type Part = Pick<Context, 'clock' | 'interrupted'>;

/** A device that is there now. @throws CliError `offline` when it went away since it was listed */
export async function openNow(port: UsbPort, id: string): Promise<UsbDevice> {
  const device = await port.open(id);
  if (device !== undefined) return device;
  throw new CliError('offline', `The device ${id} went away from USB`, { next: 'Check the cable, and run it again.' });
}

/**
 * Waits until a device is back on USB in the mode that is wanted. What cannot be opened yet is tried again: right after a device appears, the system is still
 * setting its permissions.
 * @throws CliError `offline` after `withinMs`, or what was the matter at last
 */
export async function openWhenBack(
  port: UsbPort,
  id: string,
  wanted: 'dfu' | 'running',
  { clock, interrupted }: Part,
  withinMs = RESTART_MS,
): Promise<UsbDevice> {
  const deadline = clock.monotonic() + withinMs;
  let last: CliError | undefined;
  while (clock.monotonic() < deadline) {
    await wait(LOOK_EVERY_MS, interrupted);
    try {
      const device = await port.open(id);
      if (device !== undefined && (device.mode === 'dfu') === (wanted === 'dfu')) return device;
      await device?.close();
      last = undefined;
    } catch (error) {
      if (!(error instanceof CliError) || error.kind === 'interrupted') throw error;
      last = error;
    }
  }
  if (last !== undefined) throw last;
  const mode = wanted === 'dfu' ? ' in DFU mode' : '';
  throw new CliError('offline', `The device ${id} did not come back on USB${mode} within ${withinMs / 1000} seconds`, {
    next: 'Check the cable, press its reset button, and run the command again.',
  });
}

/** The device in DFU mode, which it is brought into when it is not. */
async function openInDfu(port: UsbPort, id: string, context: Part): Promise<UsbDevice> {
  const device = await openNow(port, id);
  if (device.mode === 'dfu') return device;
  try {
    await device.enterDfu();
  } finally {
    await device.close();
  }
  return openWhenBack(port, id, 'dfu', context);
}

/**
 * Does something with a device in DFU mode.
 * @param after what becomes of a device that was not in DFU mode before: it is started again, or stays
 */
export async function inDfu<T>(
  port: UsbPort,
  device: { readonly id: string; readonly mode: string },
  context: Part,
  after: 'restart' | 'stay',
  run: (device: UsbDevice) => Promise<T>,
): Promise<T> {
  const opened = await openInDfu(port, device.id, context);
  try {
    const result = await run(opened);
    if (after === 'restart' && device.mode !== 'dfu') await opened.reset();
    return result;
  } finally {
    await opened.close();
  }
}
