import { ChamberError } from '@cloudchamber/kernel';

export type DeviceErrorCode =
  /** There is no connection: nothing was sent. */
  | 'device.not_connected'
  /** Its generation of Device OS can't: nothing was sent. */
  | 'device.unsupported'
  /** Too many messages in 45 s, or new firmware is arriving: nothing was sent. */
  | 'device.busy'
  /** Sent, but the connection ended before its ACK: the server may or may not have it. */
  | 'device.unacknowledged'
  /** The server answered 4.xx or 5.xx: it doesn't have it. */
  | 'device.rejected'
  /** `disconnect` was called. */
  | 'device.stopped';

/** Something that a device was asked to do and did not get done. */
export class DeviceError extends ChamberError {
  declare readonly code: DeviceErrorCode;

  constructor(code: DeviceErrorCode, message: string) {
    super(code, 'peer', message);
  }
}
