import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { askDevice } from './ask-device.ts';
import type { Device } from './device.ts';
import { ownDevice } from './own-device.ts';

/**
 * The caller's device with its functions and variables. One that never described itself is asked to (protocol section 6.4): its answer is
 * stored before the request resolves.
 * @throws DomainError `device.not_recognized`, `device.timed_out` when there is no Describe and no answer.
 */
export async function describedDevice(ctx: Context, commands: DeviceCommands, selector: string): Promise<Device> {
  const device = await ownDevice(ctx, selector);
  if (device.functions !== null && device.variables !== null) return device;
  await askDevice(commands.requestDescribe(device.id, 'application'));
  return ownDevice(ctx, device.id);
}
