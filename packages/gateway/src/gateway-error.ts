import { ChamberError } from '@cloudchamber/kernel';

export type GatewayErrorCode =
  | 'device.not_connected'
  | 'device.timed_out'
  | 'device.rejected'
  | 'device.busy'
  /** Longer than the messages of that device: nothing was sent. */
  | 'device.too_large'
  | 'device.updating'
  | 'device.bad_answer';

/** A command that did not reach a device or was not answered as the protocol says. */
export class GatewayError extends ChamberError {
  declare readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string) {
    super(code, 'peer', message);
  }
}
