import { type DeviceCommands, GatewayError } from '@cloudchamber/gateway';
import type { Context } from '../context.ts';
import { ownDevice } from './own-device.ts';

/**
 * Does the device answer now (CON-19)? Being out of reach is an answer, not an error.
 * @throws DomainError `device.not_recognized`
 */
export async function pingDevice(ctx: Context, commands: DeviceCommands, selector: string): Promise<boolean> {
  const device = await ownDevice(ctx, selector);
  try {
    await commands.ping(device.id);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}
