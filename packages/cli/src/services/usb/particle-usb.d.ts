/** What of the library particle-usb 4.1 is used; it has no types of its own. */
declare module 'particle-usb' {
  export interface DfuPlaceOfLibrary {
    readonly altSetting: number;
    readonly startAddr: number;
  }

  export interface ProgressOfLibrary {
    readonly event: string;
    readonly bytes?: number;
  }

  interface Limits {
    /** ms */
    readonly timeout?: number;
  }

  /** Methods for DFU are there in DFU mode, `setSetupDone` on Gen 3. */
  export interface DeviceOfLibrary {
    readonly id: string | null;
    readonly platformId: number;
    readonly isInDfuMode: boolean;
    readonly isOpen: boolean;
    readonly firmwareVersion: string | null;
    readonly usbDevice: { readonly internalObject: object };
    open(): Promise<void>;
    close(options?: Limits & { readonly processPendingRequests?: boolean }): Promise<void>;
    getDeviceMode(limits: Limits): Promise<string>;
    enterListeningMode(limits: Limits): Promise<void>;
    leaveListeningMode(limits: Limits): Promise<void>;
    enterSafeMode(limits: Limits): Promise<void>;
    enterDfuMode(limits: Limits & { readonly noReconnectWait: boolean }): Promise<void>;
    reset(limits: Limits): Promise<void>;
    setSetupDone?(done: boolean): Promise<void>;
    updateFirmware(
      data: Buffer,
      options: Limits & { readonly progress: (event: ProgressOfLibrary) => void },
    ): Promise<void>;
    readOverDfu?(place: DfuPlaceOfLibrary & { readonly size: number }): Promise<Buffer>;
    writeOverDfu?(
      data: Buffer,
      options: DfuPlaceOfLibrary & { readonly noErase: boolean; readonly progress: (event: ProgressOfLibrary) => void },
    ): Promise<void>;
  }

  const library: { getDevices(): Promise<DeviceOfLibrary[]> };
  export default library;
}
