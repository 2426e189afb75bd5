import { minutes } from '@cloudchamber/kernel';
import { deviceOs62 } from './device-os-6.2.ts';
import type { DeviceProfile } from './profile.ts';
import { bootloaderAndSystem } from './sound-module.ts';

/** Device OS 4.2.0 on a cellular board (B5 SoM, platform 25): the first with records of type 253, the system part still as JSON. */
export const deviceOs42: DeviceProfile = {
  ...deviceOs62,
  name: 'device-os-4.2',
  platformId: 25,
  radio: 'lte',
  memoryBytes: 167_360,
  systemVersion: 4200,
  maxBinarySize: 1_048_576,
  typedEvents: false,
  describe: { system: 'json', blockwise: true, combined: false },
  keepAliveMs: minutes(23),
  modules: bootloaderAndSystem(1300, 4200, 671_744),
};
