import { seconds } from '@cloudchamber/kernel';
import { HelloFlag } from '@cloudchamber/wire';
import { deviceOs23 } from './device-os-2.3.ts';
import type { DeviceProfile } from './profile.ts';
import { bootloaderAndSystem } from './sound-module.ts';

/** Device OS 1.5.2 on a Wi-Fi board (Argon, platform 12): leaves without Goodbye, and is asked for Describe. */
export const deviceOs15: DeviceProfile = {
  ...deviceOs23,
  name: 'device-os-1.5',
  platformId: 12,
  radio: 'wifi',
  memoryBytes: 167_360,
  systemVersion: 1512,
  helloFlags: HelloFlag.DIAGNOSTICS | HelloFlag.IMMEDIATE_UPDATES,
  describe: { system: 'json', blockwise: false, combined: true },
  keepAliveMs: seconds(25),
  modules: bootloaderAndSystem(502, 1512, 671_744),
};
