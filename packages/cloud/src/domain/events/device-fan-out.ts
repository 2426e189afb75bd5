import type { DeviceCommands } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import { countOperation } from '../data-operations/index.ts';
import { audienceOf, type DeviceDirectory, isReservedName } from '../devices/index.ts';
import { MOST_DELIVERED_DATA_BYTES } from './event-limits.ts';
import { liveEvents } from './live-events.ts';

const NO_DATA = new Uint8Array();

export interface DeviceFanOutParts extends Pick<Ambient, 'store' | 'clock' | 'log'> {
  readonly bus: Bus;
  readonly directory: DeviceDirectory;
  readonly commands: DeviceCommands;
}

/**
 * Brings events to the devices of the same owner that subscribed to them (MSG-01, MSG-05, MSG-06), and what a product's device that nobody owns
 * published, or what an integration answers to it, to that device itself. Events of a product reach no device. System events stay out: every device listens
 * for those of the cloud, and they are sent to one device at a time (protocol section 7.2). So does what a device could not take in one message.
 * What a device has taken is a data operation of that device (BIL-13, MSG-15): over UDP that which it acknowledged, over TCP that which was sent.
 */
export class DeviceFanOut {
  readonly #parts: DeviceFanOutParts;
  readonly #unsubscribe: () => void;

  constructor(parts: DeviceFanOutParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.bus.subscribe(liveEvents, (event) => this.#spread(event));
  }

  close(): void {
    this.#unsubscribe();
  }

  #spread(event: StoredEvent): void {
    const { ownerId, productId } = event;
    const device = event.deviceId ?? event.answers ?? null;
    const audience = device === null ? ownerId : audienceOf({ id: device, ownerId, productId });
    if (audience === null || audience === undefined || isReservedName(event.name)) return;
    if (event.data !== null && event.data.length > MOST_DELIVERED_DATA_BYTES) return;
    const { directory } = this.#parts;
    for (const deviceId of directory.subscribers(audience, event)) {
      // An answer may be late: a device that nobody owns may be in another product by then.
      if (ownerId === null && directory.peek(deviceId)?.productId !== productId) continue;
      void this.#deliver(deviceId, event);
    }
  }

  /** At most once: a device that is away or silent misses what it would have heard. */
  async #deliver(deviceId: DeviceId, { name, data, contentFormat }: StoredEvent): Promise<void> {
    const { directory, commands, clock } = this.#parts;
    const { ownerId = null, productId = null } = directory.peek(deviceId) ?? {};
    if (!(await commands.deliver(deviceId, { name, data: data ?? NO_DATA, contentFormat }))) return;
    await countOperation(this.#parts, { kind: 'subscribe', ownerId, productId, deviceId, at: clock.now() });
  }
}
