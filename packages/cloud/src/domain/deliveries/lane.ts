import type { Clock, Timer } from '@cloudchamber/kernel';
import type { WaitingDelivery } from './delivery-store.ts';
import type { Call, DeliveryTarget } from './delivery-target.ts';

/** A delivery that is about to be attempted. */
export interface Prepared {
  readonly target: DeliveryTarget;
  readonly delivery: WaitingDelivery;
  readonly call: Call;
}

/** What this process knows of the deliveries of one integration: a few that are due, and when to look for more. */
export class Lane {
  readonly integrationId: string;
  readonly #clock: Clock;
  readonly #wake: (lane: Lane) => void;
  /** Read from the store, due, not attempted yet. */
  readonly queue: WaitingDelivery[] = [];
  /** Ids that are in the queue, under way, or whose outcome is not stored yet: the store still shows them as due. */
  readonly held = new Set<number>();
  target: DeliveryTarget | undefined;
  next: Prepared | undefined;
  /** The store may have more that is due. */
  stale = false;
  #reading = false;
  /** What was settled while the store was being read, which may or may not have seen that. */
  readonly #settledMeanwhile = new Set<number>();
  /** Until then nothing is attempted, monotonic ms. */
  pausedUntil = 0;
  #timer: Timer | undefined;
  /** Wall time, ms. */
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(integrationId: string, clock: Clock, wake: (lane: Lane) => void) {
    this.integrationId = integrationId;
    this.#clock = clock;
    this.#wake = wake;
  }

  get paused(): boolean {
    return this.pausedUntil > this.#clock.monotonic();
  }

  /** Is there nothing here that would be missed? */
  get idle(): boolean {
    return this.held.size === 0 && !this.stale && !this.#reading && this.#timer === undefined;
  }

  /** Should the store be asked for more now? */
  wantsMore(few: number): boolean {
    return this.stale && !this.#reading && !this.paused && this.queue.length < few;
  }

  /** When the oldest of those that are due in memory was first owed, ms UTC. */
  get oldest(): number | undefined {
    return this.next?.delivery.createdAt ?? this.queue[0]?.createdAt;
  }

  /** The store is about to be read: whoever wakes the lane from now on may have told of something that this doesn't see. */
  beginRead(): void {
    this.stale = false;
    this.#reading = true;
  }

  endRead(): void {
    this.#reading = false;
    this.#settledMeanwhile.clear();
  }

  /** The outcome of a delivery is stored. */
  settled(id: number): void {
    this.held.delete(id);
    if (this.#reading) this.#settledMeanwhile.add(id);
  }

  /** Puts in what the store has, without what is held already. @returns whether the store may have more that is due */
  fill(found: readonly WaitingDelivery[], limit: number): boolean {
    const now = this.#clock.now();
    for (const delivery of found) {
      if (delivery.dueAt > now) {
        this.wakeAt(delivery.dueAt);
        return false;
      }
      if (this.held.has(delivery.id) || this.#settledMeanwhile.has(delivery.id)) continue;
      this.held.add(delivery.id);
      this.queue.push(delivery);
    }
    return found.length === limit;
  }

  /** Forgets what is due and not under way: it stays in the store. */
  empty(): void {
    for (const { id } of this.queue) this.held.delete(id);
    this.queue.length = 0;
    if (this.next !== undefined) this.held.delete(this.next.delivery.id);
    this.next = undefined;
  }

  /** Wakes at that time, or at an earlier one that was asked for. @param at wall time, ms */
  wakeAt(at: number): void {
    if (at >= this.#wakesAt) return;
    this.#timer?.cancel();
    this.#wakesAt = at;
    this.#timer = this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      this.#timer = undefined;
      this.#wakesAt = Number.POSITIVE_INFINITY;
      const pause = this.pausedUntil - this.#clock.monotonic();
      if (pause > 0) this.wakeAt(this.#clock.now() + pause);
      else this.#wake(this);
    });
  }

  /** Attempts nothing for `ms`, then wakes. */
  pause(ms: number): void {
    this.pausedUntil = this.#clock.monotonic() + ms;
    this.wakeAt(this.#clock.now() + ms);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
