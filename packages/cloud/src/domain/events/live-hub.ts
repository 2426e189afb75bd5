import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { liveEvents } from './live-events.ts';

/** Whose events a stream shows. */
export type StreamPlace =
  /** The devices and publishes of an account or a customer. */
  | { readonly kind: 'owner'; readonly id: string }
  /** All devices of a product, whoever owns them, and what is published to it (MSG-11). */
  | { readonly kind: 'product'; readonly id: number }
  /** All products of an organization. */
  | { readonly kind: 'organization'; readonly id: string };

/** What a stream wants; everything given must hold. */
export interface StreamFilter {
  readonly place: StreamPlace;
  /** Only events that this device published. */
  readonly deviceId?: DeviceId;
  /** Only names that begin so, case and all. */
  readonly namePrefix?: string;
}

/** Somebody who listens. */
export interface StreamListener {
  /** In the order of sequences. */
  event(event: StoredEvent): void;
  /** Events behind this position were not told, because nobody could say whose they are: they stand in the log. Later ones are told again. */
  lost(after: number): void;
}

interface Subscriber {
  readonly filter: StreamFilter;
  readonly listener: StreamListener;
}

/** Events of products whose owner is being asked for; more than these are lost to streams of organizations. */
const MOST_WAITING = 10_000;

/** Does an event of the filter's place belong into the stream? */
export function passes(filter: StreamFilter, event: Pick<StoredEvent, 'name' | 'deviceId'>): boolean {
  if (filter.deviceId !== undefined && filter.deviceId !== event.deviceId) return false;
  return filter.namePrefix === undefined || event.name.startsWith(filter.namePrefix);
}

/** Which organization a product belongs to: null for none; undefined while that is not known, and `load` finds out. */
export interface ProductOwners {
  organizationOf(productId: number): string | null | undefined;
  load(productId: number): Promise<unknown>;
}

/**
 * Live events of this process, to whoever listens: one per process, fed by the bus. An event costs nothing to places that nobody listens to.
 * Each listener is in one place, so that it hears of an event once, however many places the event belongs to.
 *
 * Events are told in the order of their sequences: the one appender of this process has one commit under way at a time, all events of a commit are
 * published on the bus in the turn in which it resolves, and the hub tells what it heard in a turn at that turn's end, sorted. A position is therefore
 * enough to go on from. Several processes with one store would need more than that.
 */
export class LiveHub {
  readonly #places = new Map<string, Set<Subscriber>>();
  readonly #products: ProductOwners;
  readonly #unsubscribe: () => void;
  /** Heard in this turn. */
  #turn: StoredEvent[] = [];
  #position = 0;
  #heard = 0;
  /** Listeners of organizations: without any, nobody asks whose a product is. */
  #organizationListeners = 0;
  /** For listeners of organizations, from the first event on whose product's owner is being asked for. */
  #waiting: StoredEvent[] = [];
  #closed = false;

  constructor(bus: Bus, products: ProductOwners) {
    this.#products = products;
    this.#unsubscribe = bus.subscribe(liveEvents, (event) => this.#hear(event));
  }

  /** How many events were stored since this process started. */
  get heard(): number {
    return this.#heard;
  }

  /** Says where the log ends when this process starts. @param sequence of its newest event, 0 for none */
  startAt(sequence: number): void {
    this.#position = Math.max(this.#position, sequence);
  }

  /** Every event up to this sequence has been told to those who listened in this place; 0 while none is known. */
  positionOf(place: StreamPlace): number {
    const first = place.kind === 'organization' ? this.#waiting[0] : undefined;
    return first === undefined ? this.#position : Math.min(this.#position, first.sequence - 1);
  }

  /** Tells `listener` of every event from now on that passes. @returns a function that ends this; calling it twice is harmless. */
  listen(filter: StreamFilter, listener: StreamListener): () => void {
    const key = keyOf(filter.place);
    const subscribers = this.#places.get(key) ?? new Set<Subscriber>();
    this.#places.set(key, subscribers);
    const subscriber = { filter, listener };
    subscribers.add(subscriber);
    const weight = filter.place.kind === 'organization' ? 1 : 0;
    this.#organizationListeners += weight;
    return () => {
      if (!subscribers.delete(subscriber)) return;
      this.#organizationListeners -= weight;
      if (subscribers.size === 0 && this.#places.get(key) === subscribers) this.#places.delete(key);
    };
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#places.clear();
  }

  #hear(event: StoredEvent): void {
    this.#heard += 1;
    this.#turn.push(event);
    if (this.#turn.length === 1) setImmediate(() => this.#tellTurn());
  }

  #tellTurn(): void {
    const turn = this.#turn.sort((one, other) => one.sequence - other.sequence);
    this.#turn = [];
    for (const event of turn) {
      this.#tell(event);
      this.#position = Math.max(this.#position, event.sequence);
    }
  }

  #tell(event: StoredEvent): void {
    const { ownerId, productId } = event;
    if (ownerId !== null) this.#tellPlace({ kind: 'owner', id: ownerId }, event);
    if (productId === null) return;
    this.#tellPlace({ kind: 'product', id: productId }, event);
    if (this.#organizationListeners > 0) this.#tellOrganization(productId, event);
  }

  #tellOrganization(productId: number, event: StoredEvent): void {
    if (this.#waiting.length > 0) {
      if (this.#waiting.push(event) > MOST_WAITING) this.#loseOrganizations();
      return;
    }
    const id = this.#products.organizationOf(productId);
    if (id === undefined) {
      this.#waiting.push(event);
      this.#ask(productId);
    } else if (id !== null) this.#tellPlace({ kind: 'organization', id }, event);
  }

  /** Finds out whose the product of the first waiting event is, and goes on there. */
  #ask(productId: number): void {
    this.#products.load(productId).then(
      () => this.#goOn(),
      () => this.#loseOrganizations(),
    );
  }

  #goOn(): void {
    for (let event = this.#waiting[0]; event !== undefined && !this.#closed; event = this.#waiting[0]) {
      const id = event.productId === null ? null : this.#products.organizationOf(event.productId);
      if (id === undefined && event.productId !== null) return this.#ask(event.productId);
      this.#waiting.shift();
      if (id) this.#tellPlace({ kind: 'organization', id }, event);
    }
  }

  #loseOrganizations(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting = [];
    for (const subscribers of [...this.#places.values()]) {
      for (const subscriber of [...subscribers]) {
        if (subscriber.filter.place.kind === 'organization') subscriber.listener.lost(first.sequence - 1);
      }
    }
  }

  #tellPlace(place: StreamPlace, event: StoredEvent): void {
    for (const { filter, listener } of this.#places.get(keyOf(place)) ?? []) {
      if (passes(filter, event)) listener.event(event);
    }
  }
}

function keyOf(place: StreamPlace): string {
  return `${place.kind} ${place.id}`;
}
