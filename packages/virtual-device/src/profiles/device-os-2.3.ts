import { minutes } from '@cloudchamber/kernel';
import { ContentType, HelloFlag } from '@cloudchamber/wire';
import { deviceOs33 } from './device-os-3.3.ts';
import type { DeviceProfile } from './profile.ts';
import { bootloaderAndSystem } from './sound-module.ts';

/**
 * Device OS 2.3.0 on a cellular board (Boron, platform 13): no connection ids, a Hello without sizes, messages of 800 bytes; says Goodbye and posts Describe,
 * each part in one message without a token; takes firmware in the old way.
 */
export const deviceOs23: DeviceProfile = {
  ...deviceOs33,
  name: 'device-os-2.3',
  platformId: 13,
  radio: 'lte-m',
  memoryBytes: 167_360,
  systemVersion: 2301,
  helloFlags:
    HelloFlag.DIAGNOSTICS | HelloFlag.IMMEDIATE_UPDATES | HelloFlag.GOODBYE | HelloFlag.DEVICE_INITIATED_DESCRIBE,
  helloSizes: false,
  maxMessageSize: 800,
  maxValueBytes: 622,
  refusesInAck: true,
  describe: { system: 'json', blockwise: false, combined: false },
  connectionId: false,
  movedRecordType: ContentType.MOVED_DEVICE_ID,
  keepAliveMs: minutes(23),
  modules: bootloaderAndSystem(1006, 2301, 671_744),
};
