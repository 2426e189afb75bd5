import type { DeviceCommands, OtaProgress, OtaResult } from '@cloudchamber/gateway';
import { type Clock, type DeviceId, days, errorMessage, type Logger } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { tellOfDevice } from '../events/index.ts';
import {
  deleteUpdate,
  endUpdate,
  endUpdatesBefore,
  findPendingUpdate,
  findPendingUpdates,
  insertUpdate,
  type NewFirmwareUpdate,
  saveImagesDone,
} from './firmware-update-store.ts';

export interface UpdateJournalParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly commands: DeviceCommands;
  readonly clock: Clock;
  readonly log: Logger;
}

/** With a blank behind the word, as the Cloud API has them (protocol section 7.3). */
const STATUS = 'spark/flash/status';
const APPLICATION_HASH = 'spark/device/app-hash';
const GIVEN_UP_MS = days(7);

interface Running {
  readonly id: string;
  /** Images that the device had applied before this process took the update over. */
  before: number;
  imagesDone: number;
}

/**
 * The firmware updates of devices, on disk from before they start until after they end: a restart of the server interrupts none of them. Tells streams of their
 * beginning and end.
 */
export class UpdateJournal {
  readonly #parts: UpdateJournalParts;
  readonly #pending: Map<DeviceId, Running>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(parts: UpdateJournalParts, pending: ReadonlyMap<DeviceId, string>) {
    this.#parts = parts;
    this.#pending = new Map([...pending].map(([deviceId, id]) => [deviceId, { id, before: 0, imagesDone: 0 }]));
  }

  /** Reads which updates an earlier process left under way; those whose device has stayed away for a week are given up. */
  static async open(parts: UpdateJournalParts): Promise<UpdateJournal> {
    const at = parts.clock.now();
    await endUpdatesBefore(parts.store.db, at - GIVEN_UP_MS, at);
    return new UpdateJournal(parts, await findPendingUpdates(parts.store.db));
  }

  /** Starts an update on a connected device. Resolves when the device has taken it. @throws GatewayError as `DeviceCommands.updateFirmware` */
  async begin(update: NewFirmwareUpdate): Promise<void> {
    const { store, commands } = this.#parts;
    const { id, deviceId, images } = update;
    await insertUpdate(store.db, update);
    const running = { id, before: 0, imagesDone: 0 };
    if (commands.updateProgress(deviceId) === undefined) this.#replace(deviceId, running);
    try {
      await commands.updateFirmware(deviceId, { id, images });
    } catch (error) {
      if (this.#pending.get(deviceId) === running) this.#pending.delete(deviceId);
      await deleteUpdate(store.db, id);
      throw error;
    }
    this.#tell(deviceId, STATUS, 'started ');
  }

  /** Goes on with what an earlier process left at devices that are connected already. */
  resume(): void {
    for (const deviceId of this.#pending.keys()) if (this.#parts.commands.isOnline(deviceId)) this.connected(deviceId);
  }

  /** The device may be used: goes on with what an earlier process left. */
  connected(deviceId: DeviceId): void {
    const pending = this.#pending.get(deviceId);
    if (pending === undefined || this.#parts.commands.updateProgress(deviceId) !== undefined) return;
    this.#later(deviceId, async () => {
      const { store, commands } = this.#parts;
      const update = await findPendingUpdate(store.db, pending.id);
      if (update === undefined || this.#pending.get(deviceId) !== pending) return;
      pending.before = update.imagesDone;
      pending.imagesDone = update.imagesDone;
      commands.resumeUpdate(deviceId, { id: update.id, images: update.images });
    });
  }

  /** The update has moved on. */
  progressed(deviceId: DeviceId, progress: OtaProgress): void {
    const pending = this.#pending.get(deviceId);
    if (pending?.id !== progress.updateId) return;
    const imagesDone = pending.before + progress.image;
    if (imagesDone === pending.imagesDone) return;
    pending.imagesDone = imagesDone;
    this.#later(deviceId, () => saveImagesDone(this.#parts.store.db, pending.id, imagesDone));
  }

  /** The update is over. */
  ended(deviceId: DeviceId, id: string, result: OtaResult): void {
    if (this.#pending.get(deviceId)?.id === id) this.#pending.delete(deviceId);
    const hasSucceeded = result.outcome === 'succeeded';
    const outcome = hasSucceeded ? result.outcome : result.reason;
    const message = hasSucceeded ? undefined : result.message;
    this.#parts.log.info({ device: deviceId, update: id, outcome, message }, 'firmware update ended');
    this.#later(deviceId, async () => {
      const at = this.#parts.clock.now();
      const applicationHash = await endUpdate(this.#parts.store.db, id, { at, outcome, message });
      await tellOfDevice(this.#parts, deviceId, STATUS, hasSucceeded ? 'success ' : `failed ${message ?? ''}`);
      if (!hasSucceeded || applicationHash === undefined) return;
      await tellOfDevice(this.#parts, deviceId, APPLICATION_HASH, applicationHash);
    });
  }

  /** Ends what is under way on the device, also what an earlier process left. */
  cancel(deviceId: DeviceId): void {
    this.#parts.commands.cancelUpdate(deviceId);
    const left = this.#pending.get(deviceId);
    if (left === undefined || this.#parts.commands.updateProgress(deviceId) !== undefined) return;
    this.ended(deviceId, left.id, { outcome: 'failed', reason: 'cancelled' });
  }

  /** Resolves when everything is stored that was told of so far. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** What an earlier process left gives way to what is asked for now. */
  #replace(deviceId: DeviceId, running: Running): void {
    const left = this.#pending.get(deviceId);
    this.#pending.set(deviceId, running);
    if (left !== undefined) this.ended(deviceId, left.id, { outcome: 'failed', reason: 'cancelled' });
  }

  #tell(deviceId: DeviceId, name: string, text: string): void {
    this.#later(deviceId, () => tellOfDevice(this.#parts, deviceId, name, text));
  }

  /** One after the other: a status must not overtake the one before it. */
  #later(deviceId: DeviceId, write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch((error: unknown) => {
      this.#parts.log.error({ device: deviceId, error: errorMessage(error) }, 'state of a firmware update was lost');
    });
  }
}
