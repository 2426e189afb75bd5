import type { PublishedEvent } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { errorMessage } from '@cloudchamber/kernel';
import type { Metric } from '@cloudchamber/wire';
import { type DeviceCard, type DeviceDirectory, isReservedName } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import type { HealthCounter } from '../health/index.ts';
import { recordVitals, vitalsPayload, withService } from '../vitals/index.ts';
import { DEFAULT_TTL_SECONDS, MOST_DEVICE_DATA_BYTES } from './event-limits.ts';
import { eventNameFault } from './event-name.ts';
import { keepEvent } from './keep-event.ts';
import { type SystemEventParts, treatSystemEvent } from './system-events.ts';

export interface EventIntakeParts extends SystemEventParts {
  readonly directory: DeviceDirectory;
  /** What counts events of products' devices, where somebody wants to know. */
  readonly health?: Pick<HealthCounter, 'event'> | undefined;
}

/** The way of an event from a device into the cloud: checked, committed to the event log, then told to everybody who listens. */
export class EventIntake {
  readonly #parts: EventIntakeParts;

  constructor(parts: EventIntakeParts) {
    this.#parts = parts;
  }

  /**
   * Takes in what a device published (MSG-10). Resolves when it is durable: the device gets its acknowledgement then.
   * @throws DomainError `event.invalid`, `event.unknown_device`; ChamberError of the event log when it takes no more.
   */
  async ingest(event: PublishedEvent): Promise<void> {
    const fault = eventNameFault(event.name);
    if (fault !== undefined) throw new DomainError('invalid', 'event.invalid', fault);
    if (event.data.length > MOST_DEVICE_DATA_BYTES) {
      throw new DomainError('invalid', 'event.invalid', `An event has at most ${MOST_DEVICE_DATA_BYTES} bytes of data`);
    }
    const device = this.#parts.directory.peek(event.deviceId) ?? (await this.#cardOf(event.deviceId));
    if (!isReservedName(event.name)) {
      await this.#keep(event, device);
      this.#parts.health?.event({ deviceId: device.id, productId: device.productId });
      return;
    }
    const kept = await treatSystemEvent(this.#parts, event, device);
    if (kept !== undefined) await this.#keep(kept, device);
  }

  /** Tells that a device came or went: `spark/status`. Nothing waits for it. */
  status(deviceId: DeviceId, at: number, status: 'online' | 'offline'): void {
    this.#tell(deviceId, at, 'spark/status', status).catch((error) => {
      this.#parts.log.warn({ device: deviceId, status, error: errorMessage(error) }, 'status event was not stored');
    });
  }

  /** Keeps the metrics of a device: as the vitals event that streams show (protocol section 8.4), and as its last vitals (API-37). */
  async vitals(deviceId: DeviceId, at: number, metrics: readonly Metric[]): Promise<void> {
    const { store, writes } = this.#parts;
    const payload = await withService(store, deviceId, at, vitalsPayload(metrics));
    await Promise.all([
      this.#tell(deviceId, at, 'spark/device/diagnostics/update', JSON.stringify(payload)),
      recordVitals(writes, deviceId, { at, payload }),
    ]);
  }

  async #tell(deviceId: DeviceId, receivedAt: number, name: string, text: string): Promise<void> {
    const device = await this.#cardOf(deviceId);
    const data = Buffer.from(text);
    const event = { deviceId, name, data, contentFormat: 0, ttlSeconds: DEFAULT_TTL_SECONDS, receivedAt, address: '' };
    await this.#keep(event, device);
  }

  async #keep(event: PublishedEvent, device: DeviceCard): Promise<void> {
    await keepEvent(this.#parts, event, device);
  }

  async #cardOf(deviceId: DeviceId): Promise<DeviceCard> {
    const card = await this.#parts.directory.card(deviceId);
    if (card === undefined) throw new DomainError('not_found', 'event.unknown_device', 'The device is not registered');
    return card;
  }
}
