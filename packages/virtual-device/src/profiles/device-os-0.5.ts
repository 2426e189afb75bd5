import { minutes } from '@cloudchamber/kernel';
import { ModuleFunction } from '@cloudchamber/wire';
import { deviceOs15 } from './device-os-1.5.ts';
import type { DeviceProfile } from './profile.ts';
import { soundModule } from './sound-module.ts';

const SYSTEM = { function: ModuleFunction.SYSTEM_PART, version: 21, maxSize: 131_072 };

/** Firmware 0.5.3 on the first cellular board (Electron, platform 10): no metrics, no update flags, short names and values. */
export const deviceOs05: DeviceProfile = {
  ...deviceOs15,
  name: 'device-os-0.5',
  platformId: 10,
  radio: 'umts',
  memoryBytes: 131_072,
  systemVersion: 21,
  helloFlags: 0,
  maxValueBytes: 255,
  maxNameBytes: 12,
  keepAliveMs: minutes(23),
  modules: [
    soundModule({ function: ModuleFunction.BOOTLOADER, index: 0, version: 7, maxSize: 16_384 }),
    soundModule({ ...SYSTEM, index: 1 }),
    soundModule({ ...SYSTEM, index: 2 }),
  ],
};
