import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { askDevice } from './ask-device.ts';
import type { Device } from './device.ts';
import { deviceTimedOut } from './device-errors.ts';
import { findDevice } from './device-store.ts';

/**
 * The device with its functions and variables. One that never described itself is asked to (protocol section 6.4): its answer is
 * stored before the request resolves.
 * @throws DomainError `device.timed_out` when there is no Describe and no answer.
 */
export async function describedDevice(
  ctx: Pick<Context, 'store'>,
  commands: DeviceCommands,
  device: Device,
): Promise<Device> {
  if (device.functions !== null && device.variables !== null) return device;
  await askDevice(commands.requestDescribe(device.id, 'application'));
  const described = await findDevice(ctx.store.db, device.id);
  if (described === undefined) throw deviceTimedOut();
  return described;
}
