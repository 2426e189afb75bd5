import type { DeviceCommands, VariableValue } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { askDevice } from './ask-device.ts';
import { describedDevice } from './described-device.ts';
import type { Device } from './device.ts';
import { unknownVariable } from './device-errors.ts';

export interface ReadVariableInput {
  /** Id or name. */
  readonly device: string;
  readonly name: string;
}

export interface VariableReading {
  readonly device: Device;
  readonly value: VariableValue;
}

/**
 * Reads a variable from the device (MSG-03), by the type that it described (protocol section 6.3).
 * @throws DomainError `device.not_recognized`, `device.unknown_variable`, `device.timed_out`, `device.refused`.
 */
export async function readVariable(
  ctx: Context,
  commands: DeviceCommands,
  input: ReadVariableInput,
): Promise<VariableReading> {
  const device = await describedDevice(ctx, commands, input.device);
  const variables = device.variables ?? {};
  const type = Object.hasOwn(variables, input.name) ? variables[input.name] : undefined;
  if (type === undefined) throw unknownVariable(input.name);
  return { device, value: await askDevice(commands.readVariable(device.id, input.name, type)) };
}
