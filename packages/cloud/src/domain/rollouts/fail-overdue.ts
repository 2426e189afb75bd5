import type { DeviceId } from '@cloudchamber/kernel';
import { lookAtPage } from './look-at-devices.ts';
import type { Rollout } from './rollout.ts';
import { decideDevices, findOfferedBefore, findSigns, type RolloutDevice } from './rollout-device-store.ts';
import type { RolloutParts } from './rollout-parts.ts';
import { overdueSince } from './rollout-times.ts';

/** What is known of a device now, which is in no table. */
export interface DeviceSight {
  isOnline(deviceId: DeviceId): boolean;
  /** Is an update of it under way? */
  isUpdating(deviceId: DeviceId): boolean;
  /** Why its update hasn't begun, for people, if that is known. */
  waitsFor(deviceId: DeviceId): string | undefined;
}

const PAGE = 200;

/** Devices whose time is up have failed, unless they run the version or have left: silent ones, those that are offline and those that wait alike. */
export async function failOverdue(parts: RolloutParts, rollout: Rollout, sight: DeviceSight): Promise<void> {
  const { store, clock } = parts;
  for (;;) {
    const before = overdueSince(rollout, clock.now());
    if (before === undefined) return;
    const overdue = await findOfferedBefore(store.db, rollout, before, PAGE);
    if (overdue.length === 0) return;
    const waiting = await lookAtPage(parts, rollout, overdue);
    const signs = await findSigns(
      store.db,
      waiting.map(({ deviceId }) => deviceId),
    );
    const byMessage = Map.groupBy(waiting, (device) => {
      const { lastHeard = null, forbidsUpdates = false } = signs.get(device.deviceId) ?? {};
      return messageFor(device, { lastHeard, forbidsUpdates }, sight);
    });
    await store.db.transaction().execute(async (db) => {
      for (const [message, devices] of byMessage) {
        const ids = devices.map(({ deviceId }) => deviceId);
        await decideDevices(db, rollout.id, ids, { state: 'failed', at: clock.now(), message });
      }
    });
  }
}

function messageFor(
  { deviceId, offeredAt, failures }: RolloutDevice,
  { lastHeard, forbidsUpdates }: { readonly lastHeard: number | null; readonly forbidsUpdates: boolean },
  sight: DeviceSight,
): string {
  const tried = failures === 0 ? '' : `; ${failures} attempt${failures === 1 ? '' : 's'} failed`;
  return `Deadline: ${whyLate()}${tried}`;

  function whyLate(): string {
    if (!sight.isOnline(deviceId)) {
      const wasHeard = lastHeard !== null && lastHeard > offeredAt;
      return wasHeard ? 'it was offline' : 'it was silent, and not heard of since it was offered the version';
    }
    if (sight.isUpdating(deviceId)) return 'its update was still under way';
    if (forbidsUpdates) return 'it was waiting, since it forbids updates';
    const reason = sight.waitsFor(deviceId);
    return reason === undefined ? 'it was waiting' : `it was waiting: ${reason}`;
  }
}
