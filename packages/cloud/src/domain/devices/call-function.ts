import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { askCounted } from './ask-counted.ts';
import { describedDevice } from './described-device.ts';
import type { Device } from './device.ts';
import { invalidInput, unknownFunction } from './device-errors.ts';

export interface CallFunctionInput {
  readonly device: Device;
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
 * Calls a function of the device (MSG-07), which the caller was found to reach: `ownDevice`, `productDevice`.
 * It is a data operation when the device was asked (BIL-13).
 * @throws DomainError `device.unknown_function`, `device.invalid`, `device.timed_out`, `device.refused`.
 */
export async function callFunction(
  ctx: Pick<Context, 'store' | 'clock' | 'log'>,
  commands: DeviceCommands,
  input: CallFunctionInput,
): Promise<FunctionCall> {
  const device = await describedDevice(ctx, commands, input.device);
  if (!device.functions?.includes(input.name)) throw unknownFunction(input.name);
  if (Buffer.byteLength(input.argument) > MAX_ARGUMENT_BYTES) {
    throw invalidInput(`The argument is longer than ${MAX_ARGUMENT_BYTES} bytes`);
  }
  const ask = () => commands.callFunction(device.id, input.name, input.argument);
  return { device, returnValue: await askCounted(ctx, commands, { kind: 'function', device, ask }) };
}
