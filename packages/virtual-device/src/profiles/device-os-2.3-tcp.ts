import { seconds } from '@cloudchamber/kernel';
import { deviceOs23 } from './device-os-2.3.ts';
import type { DeviceProfile } from './profile.ts';
import { bootloaderAndSystem } from './sound-module.ts';

/** Device OS 2.3.0 on a Photon (platform 6), over TCP: nothing is resumed, and most messages go without an ACK (protocol section 2.3). */
export const deviceOs23Tcp: DeviceProfile = {
  ...deviceOs23,
  name: 'device-os-2.3-tcp',
  transport: 'tcp',
  platformId: 6,
  radio: 'wifi',
  memoryBytes: 82_944,
  keepAliveMs: seconds(15),
  modules: bootloaderAndSystem(1006, 2301, 262_144),
};
