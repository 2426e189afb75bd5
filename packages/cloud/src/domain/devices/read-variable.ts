import type { DeviceCommands, VariableValue } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { askCounted } from './ask-counted.ts';
import { describedDevice } from './described-device.ts';
import type { Device } from './device.ts';
import { unknownVariable } from './device-errors.ts';

export interface ReadVariableInput {
  readonly device: Device;
  readonly name: string;
}

export interface VariableReading {
  readonly device: Device;
  readonly value: VariableValue;
}

/**
 * Reads a variable from the device (MSG-03), by the type that it described (protocol section 6.3). The caller was found to reach it.
 * It is a data operation when the device was asked (BIL-13).
 * @throws DomainError `device.unknown_variable`, `device.timed_out`, `device.refused`.
 */
export async function readVariable(
  ctx: Pick<Context, 'store' | 'clock' | 'log'>,
  commands: DeviceCommands,
  input: ReadVariableInput,
): Promise<VariableReading> {
  const device = await describedDevice(ctx, commands, input.device);
  const variables = device.variables ?? {};
  const type = Object.hasOwn(variables, input.name) ? variables[input.name] : undefined;
  if (type === undefined) throw unknownVariable(input.name);
  const ask = () => commands.readVariable(device.id, input.name, type);
  return { device, value: await askCounted(ctx, commands, { kind: 'variable', device, ask }) };
}
