/** A serial port as the system lists it. */
export interface PortInfo {
  /** Such as `/dev/ttyACM0` or `COM3`. */
  readonly path: string;
  /** Four hex digits. */
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  /** Windows: has vendor and product where the two above are missing. */
  readonly pnpId?: string | undefined;
}

/** An open serial port. */
export interface SerialLine {
  readonly path: string;
  /** Resolves when the system has taken it. @throws CliError when the port is gone */
  write(text: string): Promise<void>;
  /** What came from the device, from now on; and the end, when the port went away. */
  onData(take: (bytes: Uint8Array) => void): void;
  onEnd(run: () => void): void;
  close(): Promise<void>;
}

/** Serial ports of this machine. */
export interface SerialHost {
  list(): Promise<readonly PortInfo[]>;
  /** @throws CliError that says why not: `not-found`, `forbidden` or `failure` */
  open(path: string): Promise<SerialLine>;
}
