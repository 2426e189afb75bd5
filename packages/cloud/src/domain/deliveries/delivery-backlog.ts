import type { NewEvent, StoredEvent } from '../../store/index.ts';
import type { EventTargets } from '../events/index.ts';

/** Deliveries that may wait for one integration. */
const MOST_WAITING = 1_000_000;

export type RefusalListener = (integrationId: string, event: NewEvent) => void;

/**
 * How many deliveries wait for each integration, in memory, and the bound on that: an event is owed to no integration that has the most waiting already.
 * Counts are a little behind what is being committed.
 */
export class DeliveryBacklog {
  readonly #most: number;
  readonly #waiting = new Map<string, number>();
  #total = 0;
  #refused: RefusalListener | undefined;

  /** @param most deliveries that may wait for one integration */
  constructor(most = MOST_WAITING) {
    this.#most = most;
  }

  get total(): number {
    return this.#total;
  }

  /** Calls `listener` for each event that an integration is not given. */
  onRefusal(listener: RefusalListener): void {
    this.#refused = listener;
  }

  /** `targets` without integrations that have no room: for `routeEvents`. */
  within(targets: EventTargets): EventTargets {
    return {
      integrationsFor: (event) => {
        const ids = targets.integrationsFor(event);
        return ids.every((id) => this.room(id) > 0) ? ids : ids.filter((id) => this.#admits(id, event));
      },
    };
  }

  /** How many more may wait. */
  room(integrationId: string): number {
    return this.#most - this.waiting(integrationId);
  }

  waiting(integrationId: string): number {
    return this.#waiting.get(integrationId) ?? 0;
  }

  set(integrationId: string, waiting: number): void {
    this.#total += waiting - this.waiting(integrationId);
    if (waiting > 0) this.#waiting.set(integrationId, waiting);
    else this.#waiting.delete(integrationId);
  }

  add(integrationId: string, more: number): void {
    this.set(integrationId, Math.max(0, this.waiting(integrationId) + more));
  }

  /** What an event that was committed is owed to. */
  owe({ deliveries = [] }: StoredEvent): void {
    for (const id of deliveries) this.add(id, 1);
  }

  #admits(integrationId: string, event: NewEvent): boolean {
    if (this.room(integrationId) > 0) return true;
    this.#refused?.(integrationId, event);
    return false;
  }
}
