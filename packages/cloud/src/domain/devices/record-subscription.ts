import type { Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { DomainError } from '../domain-error.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { DeviceWrites } from './device-writes.ts';
import { deleteSubscriptions, saveSubscription } from './subscription-store.ts';

/** Device OS has room for 6 (protocol section 5.4); a device that keeps sending new ones must not grow the store. */
const MOST_SUBSCRIPTIONS = 32;

/**
 * Stores a subscription, as the beginning of a new set when it is the first of a session, and has it matched from then on.
 * @throws DomainError `device.too_many_subscriptions`
 */
export async function recordSubscription(
  writes: DeviceWrites,
  directory: DeviceDirectory,
  deviceId: DeviceId,
  subscription: Subscription,
  first: boolean,
): Promise<void> {
  const known = (await directory.card(deviceId))?.subscriptions ?? [];
  if (!first && known.length >= MOST_SUBSCRIPTIONS) {
    throw new DomainError('limit_exceeded', 'device.too_many_subscriptions', 'The device has too many subscriptions');
  }
  await writes.run(async (db) => {
    if (first) await deleteSubscriptions(db, deviceId);
    await saveSubscription(db, deviceId, subscription);
  });
  await directory.addSubscription(deviceId, subscription, first);
}
