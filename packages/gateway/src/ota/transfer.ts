import type { OtaChunkAckFields, OtaFault } from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import type { FirmwareImage } from '../ports.ts';

/** One image on its way to a device over one connection, in one of the three modes (protocol section 9). */
export interface Transfer {
  /** Sends the image. Resolves when the device has all of it and found it good. @throws TransferError */
  run(): Promise<void>;
  /** Does what is due; called at every tick of the gateway. `now` is monotonic ms. */
  tick(now: number): void;
  /** The device acknowledged chunks (v3). */
  acknowledge?(ack: OtaChunkAckFields, now: number): void;
  /** The device misses chunks (legacy fast). */
  missing?(indices: readonly number[]): void;
}

export interface TransferOptions {
  readonly session: DeviceSession;
  readonly image: FirmwareImage;
  /** The device has agreed: chunks follow. */
  readonly begun: () => void;
  /** Bytes of the image that the device has for sure. */
  readonly progress: (bytes: number) => void;
  /** The device has all chunks and is being asked to check them. */
  readonly finishing: () => void;
  /** Rejects when the connection is gone; never resolves. */
  readonly interrupted: Promise<never>;
}

/**
 * `interrupted`: the connection is gone or silent, another try may do. `refused`: the device does not want this image, and another try would end alike.
 */
export type TransferErrorKind = 'interrupted' | 'refused';

export class TransferError extends Error {
  readonly kind: TransferErrorKind;
  /** What the device says of it. */
  readonly fault: OtaFault | undefined;

  constructor(kind: TransferErrorKind, message: string, fault?: OtaFault) {
    super(message);
    this.name = 'TransferError';
    this.kind = kind;
    this.fault = fault;
  }
}
