import type { DeviceOfLibrary, ProgressOfLibrary } from 'particle-usb';
import { CliError } from '../../failure/cli-error.ts';
import { usbFailure } from './usb-failure.ts';
import type { DfuPlace, UsbDevice, UsbDeviceInfo, UsbMode, UsbPort, UsbProgress } from './usb-port.ts';

interface PortOptions {
  readonly library: { getDevices(): Promise<DeviceOfLibrary[]> };
  readonly interrupted: AbortSignal;
}

/** A device answers within a second; one that is busy with its network may take several. */
const ANSWER = { timeout: 10_000 };
const MODE = { timeout: 3_000 };
/** Network processors take minutes. */
const UPDATE_MS = 240_000;
const NEVER_TOLD = { timeout: 500, processPendingRequests: false };

/** The port over the library particle-usb. Nobody but this file knows it. */
export function particleUsbPort({ library, interrupted }: PortOptions): UsbPort {
  const port = { library, interrupted };
  return {
    async list() {
      const found: UsbDeviceInfo[] = [];
      await eachDevice(port, async (device) => {
        found.push(await infoOf(port, device));
        return false;
      });
      return found;
    },
    async open(id) {
      const device = await eachDevice(port, async (one) => idOf(one) === id.toLowerCase());
      return device === undefined ? undefined : openDevice(port, device, await infoOf(port, device));
    },
  };
}

/** Opens one after the other, and closes it again. @returns the first that `keep` says true of, open */
async function eachDevice(
  port: PortOptions,
  keep: (device: DeviceOfLibrary) => Promise<boolean>,
): Promise<DeviceOfLibrary | undefined> {
  const devices = await attempt(port, undefined, () => port.library.getDevices());
  for (const device of devices) {
    let kept = false;
    try {
      await attempt(port, device, () => device.open());
      kept = await keep(device);
      if (kept) return device;
    } catch (error) {
      // One that went away meanwhile is simply not there.
      if (!(error instanceof CliError && error.kind === 'offline')) throw error;
    } finally {
      if (!kept) await closeQuietly(device);
    }
  }
  return undefined;
}

async function infoOf(port: PortOptions, device: DeviceOfLibrary): Promise<UsbDeviceInfo> {
  return {
    id: idOf(device),
    platformId: device.platformId,
    mode: await modeOf(port, device),
    version: device.firmwareVersion ?? undefined,
  };
}

async function modeOf(port: PortOptions, device: DeviceOfLibrary): Promise<UsbMode> {
  if (device.isInDfuMode) return 'dfu';
  try {
    const mode = await attempt(port, device, () => device.getDeviceMode(MODE));
    return mode === 'LISTENING' ? 'listening' : mode === 'NORMAL' ? 'normal' : 'unknown';
  } catch (error) {
    if (error instanceof CliError && error.kind === 'interrupted') throw error;
    // Devices before Device OS 1.1 do not tell, and protected ones need not.
    return 'unknown';
  }
}

function openDevice(port: PortOptions, device: DeviceOfLibrary, info: UsbDeviceInfo): UsbDevice {
  const ask = <T>(run: () => Promise<T>): Promise<T> => attempt(port, device, run);
  const restart = async (run: () => Promise<void>): Promise<void> => {
    try {
      await ask(run);
    } catch (error) {
      // It may be gone before it has answered.
      if (!(error instanceof CliError && error.kind === 'offline' && !(await isPresent(port, device)))) throw error;
    }
  };
  return {
    ...info,
    startListening: () => ask(() => device.enterListeningMode(ANSWER)),
    stopListening: () => ask(() => device.leaveListeningMode(ANSWER)),
    enterSafeMode: () => restart(() => device.enterSafeMode(ANSWER)),
    enterDfu: () => restart(() => device.enterDfuMode({ ...ANSWER, noReconnectWait: true })),
    reset: () => restart(() => device.reset(ANSWER)),
    setSetupDone: (done) => ask(async () => device.setSetupDone?.(done)),
    updateFirmware: (module, progress) =>
      ask(() =>
        device.updateFirmware(Buffer.from(module), { timeout: UPDATE_MS, progress: counted(module.length, progress) }),
      ),
    readDfu: (place, size) =>
      ask(async () => {
        if (device.readOverDfu === undefined) throw notInDfu(info.id);
        const asked = { ...libraryPlace(place), size };
        // The first read behind a write may be refused: the library clears a status that is no error, and only then is it one.
        return device.readOverDfu(asked).catch(() => device.readOverDfu?.(asked) ?? Promise.reject(notInDfu(info.id)));
      }),
    async writeDfu(place, data, erase, progress) {
      if (device.writeOverDfu === undefined) throw notInDfu(info.id);
      const count = counted(data.length, progress, erase);
      try {
        await device.writeOverDfu(Buffer.from(data), {
          ...libraryPlace(place),
          noErase: !erase,
          progress: (event) => {
            count(event);
            // A block is whole here, and the next has not begun.
            if (port.interrupted.aborted) throw new CliError('interrupted', 'Interrupted');
          },
        });
      } catch (error) {
        throw usbFailure(error, { present: await isPresent(port, device), id: info.id });
      }
    },
    close: () => closeQuietly(device),
  };
}

/** Sums up what the library tells: sectors that are erased may be more bytes than are written. */
function counted(size: number, progress: UsbProgress, erases = true): (event: ProgressOfLibrary) => void {
  let erased = 0;
  let written = 0;
  return ({ event, bytes = 0 }) => {
    if (event === 'erased') erased = Math.min(size, erased + bytes);
    else if (event === 'downloaded') written += bytes;
    else return;
    progress(erases ? (erased + written) / 2 : written, size);
  };
}

async function attempt<T>(port: PortOptions, device: DeviceOfLibrary | undefined, run: () => Promise<T>): Promise<T> {
  const { interrupted } = port;
  const running = run();
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new CliError('interrupted', 'Interrupted'));
    if (interrupted.aborted) stop();
    else interrupted.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([running, stopped]);
  } catch (error) {
    running.catch(() => {});
    if (error instanceof CliError) throw error;
    const present = device === undefined || (await isPresent(port, device));
    throw usbFailure(error, { present, id: device?.id ?? undefined });
  } finally {
    stopped.catch(() => {});
    interrupted.removeEventListener('abort', stop);
  }
}

async function isPresent({ library }: PortOptions, device: DeviceOfLibrary): Promise<boolean> {
  try {
    const now = await library.getDevices();
    return now.some(({ usbDevice }) => usbDevice.internalObject === device.usbDevice.internalObject);
  } catch {
    return false;
  }
}

async function closeQuietly(device: DeviceOfLibrary): Promise<void> {
  if (!device.isOpen) return;
  try {
    await device.close(NEVER_TOLD);
  } catch {
    // It is gone, and with it what was to be closed.
  }
}

function idOf(device: DeviceOfLibrary): string {
  return (device.id ?? '').toLowerCase();
}

function libraryPlace({ alt, address }: DfuPlace): { readonly altSetting: number; readonly startAddr: number } {
  return { altSetting: alt, startAddr: address };
}

function notInDfu(id: string): CliError {
  return new CliError('failure', `The device ${id} is not in DFU mode`, { next: `Run "chamber usb dfu ${id}".` });
}
