import type { FleetDevice } from './fleet-device.ts';

type Facts = Pick<
  FleetDevice,
  'firmware_version' | 'desired_firmware_version' | 'targeted_firmware_release_version' | 'development'
>;

export interface Target {
  /** What the device should run: its lock before what is released to it; null for nothing, as for development devices (OTA-16 to 20). */
  readonly version: number | null;
  readonly locked: boolean;
  /** It should run something else than it does. */
  readonly waits: boolean;
}

/** @returns which firmware a device should run */
export function targetOf(device: Facts): Target {
  const { desired_firmware_version: lock, targeted_firmware_release_version: released } = device;
  const version = device.development ? null : (lock ?? released);
  return { version, locked: lock !== null, waits: version !== null && version !== device.firmware_version };
}
