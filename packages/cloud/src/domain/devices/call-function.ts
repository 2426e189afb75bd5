import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { askDevice } from './ask-device.ts';
import { describedDevice } from './described-device.ts';
import type { Device } from './device.ts';
import { invalidInput, unknownFunction } from './device-errors.ts';

export interface CallFunctionInput {
  /** Id or name. */
  readonly device: string;
  readonly name: string;
  readonly argument: string;
}

export interface FunctionCall {
  readonly device: Device;
  /** int32, defined by the firmware (MSG-18). */
  readonly returnValue: number;
}

/** Bytes of UTF-8 that a device takes (protocol section 6.2). */
const MAX_ARGUMENT_BYTES = 1024;

/**
 * Calls a function of the device (MSG-07).
 * @throws DomainError `device.not_recognized`, `device.unknown_function`, `device.invalid`, `device.timed_out`, `device.refused`.
 */
export async function callFunction(
  ctx: Context,
  commands: DeviceCommands,
  input: CallFunctionInput,
): Promise<FunctionCall> {
  const device = await describedDevice(ctx, commands, input.device);
  if (!device.functions?.includes(input.name)) throw unknownFunction(input.name);
  if (Buffer.byteLength(input.argument) > MAX_ARGUMENT_BYTES) {
    throw invalidInput(`The argument is longer than ${MAX_ARGUMENT_BYTES} bytes`);
  }
  return { device, returnValue: await askDevice(commands.callFunction(device.id, input.name, input.argument)) };
}
