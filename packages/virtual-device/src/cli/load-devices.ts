import type { Entropy, Logger } from '@cloudchamber/kernel';
import { CloudApi } from '../io/cloud-api.ts';
import { type KeptDevice, loadOrCreateDevice } from '../io/load-or-create-device.ts';
import type { CommandOptions } from './options.ts';

/** Requests to the API at a time. */
const AT_ONCE = 8;

/** The fleet out of its state folder, with new devices where some are missing. */
export async function loadDevices(options: CommandOptions, entropy: Entropy, log: Logger): Promise<KeptDevice[]> {
  const devices: KeptDevice[] = [];
  for (let number = 1; number <= options.count; number++) {
    devices.push(await loadOrCreateDevice(options.state, `${options.namePrefix}-${number}`, entropy, log));
  }
  return devices;
}

/**
 * Registers and claims every device. New ones get their name; older ones keep what their owner called them since.
 * @throws ChamberError of the first call that fails
 */
export async function adoptDevices(devices: readonly KeptDevice[], api: string, token: string): Promise<void> {
  const cloud = new CloudApi(api, token);
  const waiting = devices.values();
  const work = async (): Promise<void> => {
    for (const device of waiting) {
      await cloud.adopt(device);
      if (device.created) await cloud.rename(device.deviceId, device.name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/**
 * Registers the public key of every device, which stays unclaimed.
 * @throws ChamberError of the first call that fails
 */
export async function registerDevices(devices: readonly KeptDevice[], api: string, token: string): Promise<void> {
  const cloud = new CloudApi(api, token);
  for (const device of devices) await cloud.register(device);
}
