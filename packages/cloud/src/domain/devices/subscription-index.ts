import type { Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { ContentFormat, isTextFormat } from '@cloudchamber/wire';

/** What decides whether a device hears of an event. */
export interface SubscribableEvent {
  readonly name: string;
  /** The device that published it, or null. */
  readonly deviceId: string | null;
  /** CoAP Content-Format. */
  readonly contentFormat: number;
}

interface Entry {
  readonly deviceId: DeviceId;
  readonly subscription: Subscription;
}

interface OwnerEntries {
  readonly byPrefix: Map<string, Entry[]>;
  /** How many different prefixes there are of each length, so that a match looks up only those. */
  readonly lengths: Map<number, number>;
}

/**
 * Which devices of an account asked for an event (MSG-05, MSG-06, MSG-09, MSG-10). A match costs one look-up for each different length of
 * prefix in the account, however many devices subscribed. Prefixes and names are valid UTF-8, where a prefix of the text is a prefix of the bytes.
 */
export class SubscriptionIndex {
  readonly #owners = new Map<string, OwnerEntries>();

  add(ownerId: string, deviceId: DeviceId, subscription: Subscription): void {
    const owner = this.#owners.get(ownerId) ?? { byPrefix: new Map(), lengths: new Map() };
    this.#owners.set(ownerId, owner);
    const { prefix } = subscription;
    const entries = owner.byPrefix.get(prefix);
    if (entries !== undefined) {
      entries.push({ deviceId, subscription });
      return;
    }
    owner.byPrefix.set(prefix, [{ deviceId, subscription }]);
    owner.lengths.set(prefix.length, (owner.lengths.get(prefix.length) ?? 0) + 1);
  }

  /** Forgets the subscription that was added, by identity of its values. */
  remove(ownerId: string, deviceId: DeviceId, subscription: Subscription): void {
    const owner = this.#owners.get(ownerId);
    const entries = owner?.byPrefix.get(subscription.prefix);
    const at = entries?.findIndex((entry) => entry.deviceId === deviceId && entry.subscription === subscription) ?? -1;
    if (owner === undefined || entries === undefined || at < 0) return;
    const last = entries.pop();
    if (last !== undefined && at < entries.length) entries[at] = last;
    if (entries.length > 0) return;
    owner.byPrefix.delete(subscription.prefix);
    const { length } = subscription.prefix;
    const left = (owner.lengths.get(length) ?? 1) - 1;
    if (left > 0) owner.lengths.set(length, left);
    else owner.lengths.delete(length);
    if (owner.byPrefix.size === 0) this.#owners.delete(ownerId);
  }

  /** The devices of `ownerId` that want `event`, each once; the publisher too when it subscribed. */
  match(ownerId: string, event: SubscribableEvent): Iterable<DeviceId> {
    const owner = this.#owners.get(ownerId);
    if (owner === undefined) return [];
    const devices = new Set<DeviceId>();
    for (const length of owner.lengths.keys()) {
      if (length > event.name.length) continue;
      for (const { deviceId, subscription } of owner.byPrefix.get(event.name.slice(0, length)) ?? []) {
        if (accepts(subscription, event)) devices.add(deviceId);
      }
    }
    return devices;
  }
}

function accepts(subscription: Subscription, event: SubscribableEvent): boolean {
  if (subscription.deviceFilter !== undefined && subscription.deviceFilter !== event.deviceId) return false;
  switch (subscription.accepts) {
    case 'binary':
      return true;
    case 'cbor':
      return event.contentFormat === ContentFormat.CBOR;
    case 'text':
      return isTextFormat(event.contentFormat);
  }
}
