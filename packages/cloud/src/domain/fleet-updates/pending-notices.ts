import type { DeviceCommands } from '@cloudchamber/gateway';
import { type Clock, type DeviceId, errorMessage, type Logger } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { tellOfDevice } from '../events/index.ts';

interface NoticeParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly commands: Pick<DeviceCommands, 'deliver'>;
}

const PENDING = 'particle/device/updates/pending';

/** Tells devices that forbid updates that one waits for them (protocol section 7.2), once in a session, and when none does any more; streams hear of it too. */
export class PendingNotices {
  readonly #parts: NoticeParts;
  readonly #told = new Set<DeviceId>();
  readonly #telling = new Set<Promise<void>>();

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  has(deviceId: DeviceId): boolean {
    return this.#told.has(deviceId);
  }

  set(deviceId: DeviceId, pending: boolean): void {
    if (this.#told.has(deviceId) === pending) return;
    if (pending) this.#told.add(deviceId);
    else this.#told.delete(deviceId);
    const telling = this.#tell(deviceId, String(pending)).finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  /** Its session is over: the next one is told anew. */
  forget(deviceId: DeviceId): void {
    this.#told.delete(deviceId);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#telling);
  }

  async #tell(deviceId: DeviceId, text: string): Promise<void> {
    const { commands, log } = this.#parts;
    void commands.deliver(deviceId, { name: PENDING, data: Buffer.from(text), contentFormat: 0 });
    try {
      await tellOfDevice(this.#parts, deviceId, PENDING, text);
    } catch (error) {
      log.warn({ device: deviceId, error: errorMessage(error) }, 'streams were not told of a pending update');
    }
  }
}
