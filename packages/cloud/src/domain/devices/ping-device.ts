import { type DeviceCommands, GatewayError } from '@cloudchamber/gateway';
import type { Device } from './device.ts';

/** Does the device answer now (CON-19)? Being out of reach is an answer, not an error. */
export async function pingDevice(commands: DeviceCommands, device: Device): Promise<boolean> {
  try {
    await commands.ping(device.id);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}
