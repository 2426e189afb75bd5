import { seconds } from '@cloudchamber/kernel';
import { ContentType, HelloFlag, MAX_NAME_BYTES, MAX_VALUE_BYTES } from '@cloudchamber/wire';
import type { DeviceProfile } from './profile.ts';
import { bootloaderAndSystem } from './sound-module.ts';

/** Device OS 6.2.0 on a Wi-Fi board (Photon 2, platform 32), over UDP. */
export const deviceOs62: DeviceProfile = {
  name: 'device-os-6.2',
  transport: 'udp',
  platformId: 32,
  radio: 'wifi',
  memoryBytes: 3_109_888,
  systemVersion: 6200,
  helloFlags:
    HelloFlag.DIAGNOSTICS |
    HelloFlag.IMMEDIATE_UPDATES |
    HelloFlag.GOODBYE |
    HelloFlag.DEVICE_INITIATED_DESCRIBE |
    HelloFlag.COMPRESSED_OTA |
    HelloFlag.OTA_V3,
  helloSizes: true,
  maxMessageSize: 1152,
  maxBinarySize: 1_536_000,
  otaChunkSize: 512,
  maxValueBytes: MAX_VALUE_BYTES,
  maxNameBytes: MAX_NAME_BYTES,
  typedEvents: true,
  refusesInAck: false,
  describe: { system: 'protobuf', blockwise: true, combined: false },
  connectionId: true,
  movedRecordType: ContentType.MOVED_CONNECTION_ID,
  keepAliveMs: seconds(25),
  systemSubscriptions: ['particle', 'spark'],
  modules: bootloaderAndSystem(3000, 6200, 1_536_000),
};
