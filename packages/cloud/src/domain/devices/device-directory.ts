import type { Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import type { Device } from './device.ts';
import { type DeviceChange, deviceChanges } from './device-changes.ts';
import { findDevices } from './device-store.ts';
import { isReservedName } from './reserved-names.ts';
import { type SubscribableEvent, SubscriptionIndex } from './subscription-index.ts';
import { findSubscriptionsOf } from './subscription-store.ts';

/** What the traffic of a device needs to know about it without asking the store. */
export interface DeviceCard {
  readonly id: DeviceId;
  readonly ownerId: string | null;
  readonly productId: number | null;
  readonly name: string;
  readonly subscriptions: readonly Subscription[];
}

interface Entry {
  id: DeviceId;
  ownerId: string | null;
  productId: number | null;
  name: string;
  subscriptions: readonly Subscription[];
  online: boolean;
}

/** Cards of devices that are not online, kept for a while. */
const IDLE_CARDS = 1000;
const CARDS_PER_QUERY = 500;

/**
 * The devices that this process talks with, in memory, so that an event costs no query. Cards are read on first use, kept while the device is
 * online, and follow what verbs commit through the `devices` topic. Only subscriptions of devices that are online here are matched.
 */
export class DeviceDirectory {
  readonly #store: Store;
  readonly #cards = new Map<DeviceId, Entry>();
  /** Devices that are not online, least recently used first. */
  readonly #idle = new Set<DeviceId>();
  readonly #present = new Set<DeviceId>();
  readonly #loading = new Map<DeviceId, Promise<void>>();
  /** Changes that were told while a card was being read, which may or may not have seen them. */
  readonly #changedMeanwhile = new Map<DeviceId, DeviceChange>();
  readonly #index = new SubscriptionIndex();
  readonly #unsubscribe: () => void;

  constructor(store: Store, bus: Bus) {
    this.#store = store;
    this.#unsubscribe = bus.subscribe(deviceChanges, (change) => this.#apply(change));
  }

  /** The card when it is in memory. */
  peek(id: DeviceId): DeviceCard | undefined {
    return this.#cards.get(id);
  }

  /** The card, read from the store when it has to be; undefined for an id that is not registered. */
  async card(id: DeviceId): Promise<DeviceCard | undefined> {
    const known = this.#cards.get(id);
    if (known !== undefined) return known;
    await (this.#loading.get(id) ?? this.#load([id]));
    return this.#cards.get(id);
  }

  /** As `setOnline` for many devices, with their cards read: they are told of events before they have said anything. */
  async resume(ids: readonly DeviceId[]): Promise<void> {
    for (const id of ids) this.setOnline(id);
    const missing = ids.filter((id) => !this.#cards.has(id));
    for (let at = 0; at < missing.length; at += CARDS_PER_QUERY) {
      await this.#load(missing.slice(at, at + CARDS_PER_QUERY));
    }
  }

  /** Keeps the card in memory from now on and matches its subscriptions. */
  setOnline(id: DeviceId): void {
    this.#present.add(id);
    const entry = this.#cards.get(id);
    if (entry !== undefined) this.#markOnline(entry);
  }

  setOffline(id: DeviceId): void {
    this.#present.delete(id);
    const entry = this.#cards.get(id);
    if (entry === undefined || !entry.online) return;
    this.#unindex(entry);
    entry.online = false;
    this.#keepIdle(id);
  }

  /** Adds what the device subscribes to, after that was stored; `first` replaces what was known. */
  async addSubscription(id: DeviceId, added: Subscription, first: boolean): Promise<void> {
    await this.card(id);
    const entry = this.#cards.get(id);
    if (entry === undefined) return;
    this.#reindex(entry, () => {
      const kept = first ? [] : entry.subscriptions.filter((other) => !isSame(other, added));
      entry.subscriptions = [...kept, added];
    });
  }

  /** Devices of an audience (`audienceOf`) that are online here and want the event. */
  subscribers(audience: string, event: SubscribableEvent): Iterable<DeviceId> {
    return this.#index.match(audience, event);
  }

  close(): void {
    this.#unsubscribe();
  }

  #load(ids: readonly DeviceId[]): Promise<void> {
    const loading = this.#read(ids).finally(() => {
      for (const id of ids) {
        this.#loading.delete(id);
        this.#changedMeanwhile.delete(id);
      }
    });
    for (const id of ids) this.#loading.set(id, loading);
    return loading;
  }

  async #read(ids: readonly DeviceId[]): Promise<void> {
    const { db } = this.#store;
    const [devices, subscriptions] = await Promise.all([findDevices(db, ids), findSubscriptionsOf(db, ids)]);
    for (const device of devices) this.#enter(device, subscriptions.get(device.id) ?? []);
  }

  #enter(device: Device, subscriptions: readonly Subscription[]): void {
    const { id } = device;
    const { ownerId, productId, name } = { ...device, ...this.#changedMeanwhile.get(id) };
    const entry: Entry = { id, ownerId, productId, name, subscriptions, online: false };
    this.#cards.set(id, entry);
    if (this.#present.has(id)) this.#markOnline(entry);
    else this.#keepIdle(id);
  }

  #apply(change: DeviceChange): void {
    const { deviceId } = change;
    if (this.#loading.has(deviceId))
      this.#changedMeanwhile.set(deviceId, { ...this.#changedMeanwhile.get(deviceId), ...change });
    const entry = this.#cards.get(deviceId);
    if (entry === undefined) return;
    this.#reindex(entry, () => {
      if (change.ownerId !== undefined) entry.ownerId = change.ownerId;
      if (change.name !== undefined) entry.name = change.name;
      if (change.productId !== undefined) entry.productId = change.productId;
    });
  }

  #markOnline(entry: Entry): void {
    if (entry.online) return;
    this.#idle.delete(entry.id);
    entry.online = true;
    this.#indexAll(entry);
  }

  #keepIdle(id: DeviceId): void {
    this.#idle.add(id);
    if (this.#idle.size <= IDLE_CARDS) return;
    for (const oldest of this.#idle) {
      this.#idle.delete(oldest);
      this.#cards.delete(oldest);
      return;
    }
  }

  #reindex(entry: Entry, change: () => void): void {
    if (entry.online) this.#unindex(entry);
    change();
    if (entry.online) this.#indexAll(entry);
  }

  #indexAll(entry: Entry): void {
    const audience = audienceOf(entry);
    if (audience === undefined) return;
    for (const subscription of entry.subscriptions) {
      // Every device has these for the cloud's own messages, which are not fanned out: leaving them away keeps the index empty for most.
      if (!isReservedName(subscription.prefix)) this.#index.add(audience, entry.id, subscription);
    }
  }

  #unindex(entry: Entry): void {
    const audience = audienceOf(entry);
    if (audience === undefined) return;
    for (const subscription of entry.subscriptions) this.#index.remove(audience, entry.id, subscription);
  }
}

/**
 * The devices that hear each other: those of one owner (MSG-06). A product's device that nobody owns hears only what is its own; one that is
 * in no product either hears nothing.
 */
export function audienceOf(device: {
  readonly id: string;
  readonly ownerId: string | null;
  readonly productId: number | null;
}): string | undefined {
  if (device.ownerId !== null) return device.ownerId;
  return device.productId === null ? undefined : `device ${device.id}`;
}

function isSame(one: Subscription, other: Subscription): boolean {
  return one.prefix === other.prefix && one.deviceFilter === other.deviceFilter;
}
