import type { DeviceId } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { changeDevice, findDevice } from './device-store.ts';
import type { DeviceWrites } from './device-writes.ts';

/** Stores whether the device lets itself be updated (`particle/device/updates/enabled`). */
export function recordUpdatesEnabled(writes: DeviceWrites, deviceId: DeviceId, enabled: boolean): Promise<void> {
  return writes.run((db) => changeDevice(db, deviceId, { updates_enabled: enabled ? 1 : 0 }));
}

/** Stores the identity of the modem, which old devices send as an event (`spark/cellular/iccid`). */
export function recordIccid(writes: DeviceWrites, deviceId: DeviceId, iccid: string): Promise<void> {
  return writes.run((db) => changeDevice(db, deviceId, { iccid }));
}

/** Stores that a device runs in safe mode. */
export function recordSafeMode(writes: DeviceWrites, deviceId: DeviceId): Promise<void> {
  return writes.run((db) => changeDevice(db, deviceId, { safe_mode: 1 }));
}

/** The system Describe of a device as JSON text, or null before it sent one. */
export async function systemDescribeOf(store: Store, deviceId: DeviceId): Promise<string | null> {
  return (await findDevice(store.db, deviceId))?.systemDescribe ?? null;
}

/** Does the owner force updates on this device? */
export async function areUpdatesForced(store: Store, deviceId: DeviceId): Promise<boolean> {
  return (await findDevice(store.db, deviceId))?.updatesForced ?? false;
}
