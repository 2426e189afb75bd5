import type { DeviceId } from '@cloudchamber/kernel';
import { saveLastHeard } from './device-store.ts';
import type { DeviceWrites } from './device-writes.ts';

/** Stores when devices were heard last: device → wall time in ms. */
export function recordHeard(writes: DeviceWrites, heard: ReadonlyMap<DeviceId, number>): Promise<void> {
  return writes.run((db) => saveLastHeard(db, heard));
}
