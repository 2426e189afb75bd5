import type { UsbDevice, UsbDeviceInfo, UsbPort } from './usb-port.ts';

interface FakeUsb {
  readonly port: UsbPort;
  /** What was done to devices, in order: `dfu`, `write 0:30000 12`, `install 12`. */
  readonly done: readonly string[];
}

/**
 * For tests: devices on USB that restart at once.
 * @param failing is asked before anything is done, with what `done` will say, and throws what goes wrong
 */
export function fakeUsb(devices: readonly UsbDeviceInfo[], failing: (what: string) => void = () => {}): FakeUsb {
  const now = new Map(devices.map((device) => [device.id, device]));
  const done: string[] = [];
  const open = (info: UsbDeviceInfo): UsbDevice => {
    let restarted = false;
    const act =
      (what: string, mode?: UsbDeviceInfo['mode'], restarts = false) =>
      async (): Promise<void> => {
        if (restarted) throw new Error(`"${what}" to a device that has restarted`);
        failing(what);
        done.push(what);
        restarted = restarts;
        const before = now.get(info.id) ?? info;
        if (mode !== undefined) now.set(info.id, { ...before, mode });
      };
    return {
      ...info,
      startListening: act('listen', 'listening'),
      stopListening: act('stop listening', 'normal'),
      enterSafeMode: act('safe mode', 'normal', true),
      enterDfu: act('dfu', 'dfu', true),
      reset: act('reset', 'normal', true),
      setSetupDone: (isDone) => act(`setup done ${isDone}`)(),
      updateFirmware: (module) => act(`install ${module.length}`, 'normal', true)(),
      async readDfu(_place, size) {
        return Buffer.alloc(size, 0xff);
      },
      writeDfu: ({ alt, address }, data) => act(`write ${alt}:${address.toString(16)} ${data.length}`)(),
      async close() {},
    };
  };
  return {
    done,
    port: {
      list: async () => [...now.values()],
      async open(id) {
        const info = now.get(id);
        return info && open(info);
      },
    },
  };
}
