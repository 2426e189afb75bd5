import type { DeviceCommands } from '@cloudchamber/gateway';
import { type DeviceId, errorMessage, type Logger } from '@cloudchamber/kernel';
import { type Device, deviceTimedOut } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';

/** Devices that are asked at once. */
const MOST = 256;

export interface VitalsRefreshParts {
  readonly commands: Pick<DeviceCommands, 'isOnline' | 'requestDescribe'>;
  readonly log: Logger;
}

/** Asks devices for their vitals. Whoever asks does not wait for the answer: it comes as an event, and is the last record then. */
export class VitalsRefresh {
  readonly #parts: VitalsRefreshParts;
  readonly #asked = new Set<DeviceId>();

  constructor(parts: VitalsRefreshParts) {
    this.#parts = parts;
  }

  /**
   * Sends the request (protocol section 8.4); nothing more while one is under way.
   * @throws DomainError `device.timed_out` when the device is offline, as for other commands; `device.busy` when too many are being asked
   */
  ask({ id }: Pick<Device, 'id'>): void {
    const { commands, log } = this.#parts;
    if (!commands.isOnline(id)) throw deviceTimedOut();
    if (this.#asked.has(id)) return;
    if (this.#asked.size >= MOST) {
      throw new DomainError('limit_exceeded', 'device.busy', 'Too many devices are being asked for their vitals', {
        retryAfterSeconds: 1,
      });
    }
    this.#asked.add(id);
    commands
      .requestDescribe(id, 'metrics')
      .catch((error) => log.debug({ device: id, error: errorMessage(error) }, 'the device sent no vitals'))
      .finally(() => this.#asked.delete(id));
  }
}
