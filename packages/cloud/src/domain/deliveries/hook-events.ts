import { type Clock, errorMessage, type Logger, seconds, type Timer } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { NewEvent, Store, StoredEvent } from '../../store/index.ts';
import { liveEvents } from '../events/index.ts';
import type { HookEvent } from '../integrations/index.ts';
import type { DeliveryTarget } from './delivery-target.ts';

export interface HookEventsParts {
  readonly store: Pick<Store, 'events'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What streams show as `coreid` (section 5 of the event notes). */
const PUBLISHER = 'particle-internal';
const TTL_SECONDS = 60;
/** When the log takes no more, the same is tried after these. */
const PAUSES: readonly number[] = [seconds(1), seconds(5), seconds(20)];

/**
 * Publishes what deliveries cause. What an account's integration says goes to that account. What one of a product or an organization says goes to the stream of
 * the product, and to the device's owner (MSG-14); a device that nobody owns hears its own answers.
 */
export class HookEvents {
  readonly #parts: HookEventsParts;
  readonly #resting = new Map<Timer, () => void>();
  #closed = false;

  constructor(parts: HookEventsParts) {
    this.#parts = parts;
  }

  /** Resolves when they are in the event log, or when that took none of them for half a minute: then they are lost, and the log says so. */
  async publish(
    { id, owner }: Pick<DeliveryTarget, 'id' | 'owner'>,
    trigger: StoredEvent,
    events: readonly HookEvent[],
  ): Promise<void> {
    const place = {
      ownerId: owner.kind === 'user' ? owner.id : trigger.ownerId,
      productId: owner.kind === 'user' ? null : trigger.productId,
      answers: owner.kind === 'user' ? null : trigger.deviceId,
    };
    await Promise.all(
      events.map((event) => this.#append(id, { ...place, ...newEvent(event, this.#parts.clock.now()) })),
    );
  }

  /** Nothing is tried again any more. */
  close(): void {
    this.#closed = true;
    for (const [timer, end] of this.#resting) {
      timer.cancel();
      end();
    }
  }

  async #append(integrationId: string, event: NewEvent): Promise<void> {
    const { store, bus, log } = this.#parts;
    for (const pause of [...PAUSES, undefined]) {
      try {
        bus.publish(liveEvents, await store.events.append(event));
        return;
      } catch (error) {
        if (pause !== undefined && !this.#closed) await this.#rest(pause);
        else
          log.warn(
            { integration: integrationId, event: event.name, error: errorMessage(error) },
            'a hook event was lost',
          );
        if (this.#closed) return;
      }
    }
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#resting.delete(timer);
        resolve();
      };
      const timer = this.#parts.clock.after(ms, end);
      this.#resting.set(timer, end);
    });
  }
}

function newEvent(
  { name, data, contentFormat }: HookEvent,
  publishedAt: number,
): Omit<NewEvent, 'ownerId' | 'productId' | 'answers'> {
  return {
    deviceId: null,
    publisher: PUBLISHER,
    name,
    data: data.length === 0 ? null : data,
    contentFormat,
    ttlSeconds: TTL_SECONDS,
    publishedAt,
  };
}
