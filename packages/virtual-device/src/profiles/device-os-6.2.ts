import { seconds } from '@cloudchamber/kernel';
import { ContentType, HelloFlag, ModuleFunction, ModuleStore, ModuleValidity } from '@cloudchamber/wire';
import type { DeviceProfile } from './profile.ts';

const CHECKS =
  ModuleValidity.INTEGRITY |
  ModuleValidity.DEPENDENCIES |
  ModuleValidity.RANGE |
  ModuleValidity.PLATFORM |
  ModuleValidity.FULL_DEPENDENCIES;
const MAIN = { store: ModuleStore.MAIN, checkedFlags: CHECKS, passedFlags: CHECKS, size: 0, assetDependencies: [] };

/** Device OS 6.2.0 on a Wi-Fi board (Photon 2, platform 32), over UDP. */
export const deviceOs62: DeviceProfile = {
  name: 'device-os-6.2',
  platformId: 32,
  systemVersion: 6200,
  // Without the two bits for firmware updates: they are promises that a cloud would act on, and this device takes no firmware yet.
  helloFlags:
    HelloFlag.DIAGNOSTICS | HelloFlag.IMMEDIATE_UPDATES | HelloFlag.GOODBYE | HelloFlag.DEVICE_INITIATED_DESCRIBE,
  maxMessageSize: 1152,
  maxBinarySize: 1_536_000,
  otaChunkSize: 512,
  connectionId: true,
  movedRecordType: ContentType.MOVED_CONNECTION_ID,
  keepAliveMs: seconds(25),
  systemSubscriptions: ['particle', 'spark'],
  modules: [
    { ...MAIN, function: ModuleFunction.BOOTLOADER, index: 0, version: 3000, maxSize: 81_920, dependencies: [] },
    {
      ...MAIN,
      function: ModuleFunction.SYSTEM_PART,
      index: 1,
      version: 6200,
      maxSize: 1_536_000,
      dependencies: [{ function: ModuleFunction.BOOTLOADER, index: 0, version: 3000 }],
    },
  ],
};
