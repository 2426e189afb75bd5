import { isCellular } from '@cloudchamber/wire';
import type { Context } from '../context.ts';
import { listDevices } from './list-devices.ts';

/** How many devices the caller owns, by what they connect with. */
export async function countDevices(ctx: Context): Promise<{ readonly wifi: number; readonly cellular: number }> {
  const devices = await listDevices(ctx);
  const cellular = devices.filter((device) => isCellular(device.platformId)).length;
  return { wifi: devices.length - cellular, cellular };
}
