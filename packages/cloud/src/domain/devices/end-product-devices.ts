import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/tables.ts';
import { deviceChanges } from './device-changes.ts';
import { removeGroupsOf } from './groups/group-store.ts';
import { emptyProduct } from './product-device-store.ts';
import { endQuarantine } from './quarantine-store.ts';
import { firmwareTargets } from './target-topic.ts';

/**
 * What becomes of the devices of a product that is being deleted: they leave it, with groups, locks and quarantine gone; owners keep them.
 * @returns for the deletion, which calls what that returns after its commit: the devices' cards follow.
 */
export function endProductDevices(bus: Bus) {
  return async (db: Kysely<Tables>, productId: number): Promise<() => void> => {
    const left = await emptyProduct(db, productId);
    await removeGroupsOf(db, productId);
    await endQuarantine(db, productId);
    return () => {
      for (const deviceId of left) bus.publish(deviceChanges, { deviceId, productId: null });
      if (left.length > 0) bus.publish(firmwareTargets, { productId, deviceIds: left });
    };
  };
}
