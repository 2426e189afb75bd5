import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { type DeviceDirectory, isReservedName } from '../devices/index.ts';
import { MOST_DELIVERED_DATA_BYTES } from './event-limits.ts';
import { liveEvents } from './live-events.ts';

const NO_DATA = new Uint8Array();

/**
 * Brings events to the devices of the same account that subscribed to them (MSG-01, MSG-05, MSG-06). System events stay out: every device listens
 * for those of the cloud, and they are sent to one device at a time (protocol section 7.2). So does what a device could not take in one message.
 */
export class DeviceFanOut {
  readonly #directory: DeviceDirectory;
  readonly #commands: DeviceCommands;
  readonly #unsubscribe: () => void;

  constructor(bus: Bus, directory: DeviceDirectory, commands: DeviceCommands) {
    this.#directory = directory;
    this.#commands = commands;
    this.#unsubscribe = bus.subscribe(liveEvents, (event) => this.#spread(event));
  }

  close(): void {
    this.#unsubscribe();
  }

  #spread(event: StoredEvent): void {
    if (event.ownerId === null || isReservedName(event.name)) return;
    if (event.data !== null && event.data.length > MOST_DELIVERED_DATA_BYTES) return;
    for (const deviceId of this.#directory.subscribers(event.ownerId, event)) {
      const { name, contentFormat } = event;
      // At most once: a device that is away or silent misses what it would have heard.
      void this.#commands.deliver(deviceId, { name, data: event.data ?? NO_DATA, contentFormat });
    }
  }
}
