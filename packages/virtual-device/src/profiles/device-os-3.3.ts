import { seconds } from '@cloudchamber/kernel';
import { ContentType } from '@cloudchamber/wire';
import { deviceOs42 } from './device-os-4.2.ts';
import type { DeviceProfile } from './profile.ts';
import { bootloaderAndSystem } from './sound-module.ts';

/** Device OS 3.3.0 on a Wi-Fi board (Argon, platform 12): connection ids, and nothing that marks records after a resume. */
export const deviceOs33: DeviceProfile = {
  ...deviceOs42,
  name: 'device-os-3.3',
  platformId: 12,
  radio: 'wifi',
  memoryBytes: 167_360,
  systemVersion: 3300,
  movedRecordType: ContentType.CONNECTION_ID,
  keepAliveMs: seconds(25),
  modules: bootloaderAndSystem(1200, 3300, 671_744),
};
