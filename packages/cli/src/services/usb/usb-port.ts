/** What a device does, as far as USB tells: Device OS tells normal and safe mode apart by its light alone. */
export type UsbMode = 'normal' | 'listening' | 'dfu' | 'unknown';

/** A device on USB as it was when it was looked at. */
export interface UsbDeviceInfo {
  /** 24 hex digits, lower case. */
  readonly id: string;
  readonly platformId: number;
  readonly mode: UsbMode;
  /** Of Device OS, such as `6.2.0`; undefined in DFU mode, and when the device does not tell. */
  readonly version: string | undefined;
}

/** A stretch of a device's memory, as DFU names it. */
export interface DfuPlace {
  /** Which memory: the alternate setting of the DFU interface. */
  readonly alt: number;
  readonly address: number;
}

/** Is told of each block that was done: bytes done of all bytes, erasing counted as half of it. */
export type UsbProgress = (done: number, total: number) => void;

/**
 * A device that is open for this process alone until it is closed. What fails is a CliError: `offline` when the device is gone or silent, `forbidden` when the
 * system or the device's protection does not allow it, `interrupted` at Ctrl-C. After a change of mode that makes the device restart, nothing but `close` is left.
 */
export interface UsbDevice extends UsbDeviceInfo {
  /** Resolves when the device says that it listens. */
  startListening(): Promise<void>;
  stopListening(): Promise<void>;
  /** The device restarts. */
  enterSafeMode(): Promise<void>;
  /** The device restarts. */
  enterDfu(): Promise<void>;
  /** The device restarts; out of DFU mode too. */
  reset(): Promise<void>;
  /** Gen 3 up to Device OS 3. */
  setSetupDone(done: boolean): Promise<void>;
  /** Hands a module to Device OS, which checks and installs it, and restarts. */
  updateFirmware(module: Uint8Array, progress: UsbProgress): Promise<void>;
  /** In DFU mode. @param size bytes */
  readDfu(place: DfuPlace, size: number): Promise<Buffer>;
  /** In DFU mode. At Ctrl-C it ends behind a whole block. @param erase flash has to be erased before; configuration data is not */
  writeDfu(place: DfuPlace, data: Uint8Array, erase: boolean, progress: UsbProgress): Promise<void>;
  /** Never throws. */
  close(): Promise<void>;
}

/** Devices on USB of this machine. */
export interface UsbPort {
  /** Every device that is there now; each is open for a moment. @throws CliError of kind `forbidden` when the system does not allow it */
  list(): Promise<readonly UsbDeviceInfo[]>;
  /** Opens a device. @returns undefined when it is not there now @throws CliError as `list` */
  open(id: string): Promise<UsbDevice | undefined>;
}
