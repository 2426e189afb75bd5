import {
  type DeviceCommands,
  type FirmwareImage,
  GatewayError,
  type OtaProgress,
  type OtaResult,
} from '@cloudchamber/gateway';
import { type Clock, type DeviceId, days, errorMessage, type Logger } from '@cloudchamber/kernel';
import { ModuleFunction } from '@cloudchamber/wire';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { findDevice, runningVersion } from '../devices/index.ts';
import { tellOfDevice } from '../events/index.ts';
import type { FirmwareBlobs } from './firmware-blobs.ts';
import {
  deleteUpdate,
  endUpdate,
  endUpdatesBefore,
  findPendingUpdates,
  insertUpdate,
  type PendingUpdate,
  saveProgress,
  saveStarted,
  type UpdateReason,
  type UpdateStage,
  type UpdateTarget,
} from './firmware-update-store.ts';
import type { ProgressListener, UpdateProgress } from './update-progress.ts';

export interface UpdateJournalParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly commands: DeviceCommands;
  readonly blobs: FirmwareBlobs;
  readonly clock: Clock;
  readonly log: Logger;
}

/** An update that is asked for. Times are ms UTC. */
export interface NewUpdate {
  readonly id: string;
  readonly deviceId: DeviceId;
  /** The account, or `system`. */
  readonly requestedBy: string;
  readonly reason: UpdateReason;
  /** For a product's firmware. */
  readonly target?: UpdateTarget | undefined;
  readonly at: number;
  readonly images: readonly FirmwareImage[];
  /** SHA-256 of the application in it, hex. */
  readonly applicationHash: string | undefined;
}

/** An update that is over, for those who wait for it. */
interface EndedUpdate {
  readonly id: string;
  readonly reason: UpdateReason;
  readonly target: UpdateTarget | undefined;
  /** `succeeded`, or why not. */
  readonly outcome: string;
  readonly message: string | undefined;
}

/** Hears of every update that is over, after that is stored. */
export type EndListener = (deviceId: DeviceId, ended: EndedUpdate) => void;

/** With a blank behind the word, as the Cloud API has them (protocol section 7.3). */
const STATUS = 'spark/flash/status';
const APPLICATION_HASH = 'spark/device/app-hash';
const GIVEN_UP_MS = days(7);

interface Running {
  readonly id: string;
  readonly reason: UpdateReason;
  readonly target: UpdateTarget | undefined;
  readonly images: number;
  /** Images that the device had applied before this process took the update over. */
  before: number;
  progress: UpdateProgress;
}

/**
 * The firmware updates of devices, on disk from before they start until after they end: a restart of the server interrupts none of them, and what became of each
 * stays as the device's history. Tells streams of their beginning and end.
 */
export class UpdateJournal {
  readonly #parts: UpdateJournalParts;
  readonly #running = new Map<DeviceId, Running>();
  /** What an earlier process left, until its device is there. */
  readonly #left: Map<DeviceId, PendingUpdate>;
  readonly #watchers = new Map<DeviceId, Set<ProgressListener>>();
  readonly #endListeners = new Set<EndListener>();
  readonly #writing = new Map<DeviceId, Promise<void>>();

  private constructor(parts: UpdateJournalParts, left: readonly PendingUpdate[]) {
    this.#parts = parts;
    this.#left = new Map(left.map((update) => [update.deviceId, update]));
    for (const update of left) this.#running.set(update.deviceId, runningOf(update));
  }

  /** Reads which updates an earlier process left under way; those whose device has stayed away for a week are given up. */
  static async open(parts: UpdateJournalParts): Promise<UpdateJournal> {
    const at = parts.clock.now();
    await endUpdatesBefore(parts.store.db, at - GIVEN_UP_MS, at);
    return new UpdateJournal(parts, await findPendingUpdates(parts.store.db));
  }

  /**
   * Starts an update on a connected device. Resolves when the device has taken it; what it refuses or does not answer stays in its history.
   * @throws GatewayError as `DeviceCommands.updateFirmware`
   */
  async begin(update: NewUpdate): Promise<void> {
    const { store, commands, blobs, clock } = this.#parts;
    const { id, deviceId, images } = update;
    const stored = [];
    for (const { data, moduleFunction } of images) stored.push({ hash: await blobs.put(data), moduleFunction });
    const totalBytes = images.reduce((sum, { data }) => sum + data.length, 0);
    await insertUpdate(store.db, { ...update, target: update.target, images: stored, totalBytes });
    const running = startOf(update, totalBytes);
    if (commands.updateProgress(deviceId) === undefined) this.#replace(deviceId, running);
    this.#show(deviceId, running.progress);
    try {
      await commands.updateFirmware(deviceId, { id, images });
    } catch (error) {
      const wasRunning = this.#running.get(deviceId) === running;
      if (wasRunning) this.#running.delete(deviceId);
      await this.#neverBegan(update, error, wasRunning ? running : undefined);
      throw error;
    }
    this.#later(deviceId, () => saveStarted(store.db, id, clock.now()));
    if (this.#running.get(deviceId) === running) this.#move(deviceId, running, { stage: 'transferring' });
    this.#later(deviceId, () => tellOfDevice(this.#parts, deviceId, STATUS, 'started '));
  }

  /** Goes on with what an earlier process left at devices that are connected already. */
  resume(): void {
    for (const deviceId of this.#left.keys()) if (this.#parts.commands.isOnline(deviceId)) this.connected(deviceId);
  }

  /** The device may be used: goes on with what an earlier process left. */
  connected(deviceId: DeviceId): void {
    const left = this.#left.get(deviceId);
    if (left === undefined || this.#parts.commands.updateProgress(deviceId) !== undefined) return;
    this.#later(deviceId, async () => {
      if (this.#left.get(deviceId) !== left) return;
      const images = await this.#restOf(left);
      const running = this.#running.get(deviceId);
      if (this.#left.get(deviceId) !== left || running?.id !== left.id) return;
      this.#left.delete(deviceId);
      if (images === undefined) {
        return this.ended(deviceId, left.id, {
          outcome: 'failed',
          reason: 'cancelled',
          message: 'its firmware is gone',
        });
      }
      if (images.length === 0) return this.ended(deviceId, left.id, { outcome: 'succeeded' });
      running.before = left.images.length - images.length;
      this.#parts.commands.resumeUpdate(deviceId, { id: left.id, images });
    });
  }

  /** The update has moved on. */
  progressed(deviceId: DeviceId, progress: OtaProgress): void {
    const running = this.#running.get(deviceId);
    if (running?.id !== progress.updateId) return;
    const image = running.before + progress.image;
    const imagesBefore = running.progress.image;
    const isSent = progress.bytes >= progress.totalBytes && progress.image < progress.images;
    const stage = isSent ? 'applying' : 'transferring';
    const earlier = running.progress.totalBytes - progress.totalBytes;
    this.#move(deviceId, running, { stage, image, bytes: Math.max(0, earlier) + progress.bytes });
    if (image === imagesBefore) return;
    const { bytes } = running.progress;
    this.#later(deviceId, () => saveProgress(this.#parts.store.db, running.id, { imagesDone: image, bytes }));
  }

  /** The update is over. */
  ended(deviceId: DeviceId, id: string, result: OtaResult): void {
    const running = this.#running.get(deviceId);
    const isIt = running?.id === id;
    if (isIt) this.#running.delete(deviceId);
    const hasSucceeded = result.outcome === 'succeeded';
    const outcome = hasSucceeded ? result.outcome : result.reason;
    const message = hasSucceeded ? undefined : result.message;
    this.#parts.log.info({ device: deviceId, update: id, outcome, message }, 'firmware update ended');
    this.#later(deviceId, async () => {
      const stage: UpdateStage = hasSucceeded ? 'done' : isIt ? running.progress.stage : 'transferring';
      const bytes = isIt ? (hasSucceeded ? running.progress.totalBytes : running.progress.bytes) : 0;
      const end = { at: this.#parts.clock.now(), outcome, message, stage, bytes };
      const applicationHash = await endUpdate(this.#parts.store.db, id, end);
      if (isIt) this.#over(deviceId, { ...running.progress, stage, bytes, outcome, message });
      await tellOfDevice(this.#parts, deviceId, STATUS, hasSucceeded ? 'success ' : `failed ${message ?? ''}`);
      if (!hasSucceeded || applicationHash === undefined) return;
      await tellOfDevice(this.#parts, deviceId, APPLICATION_HASH, applicationHash);
    });
  }

  /** Ends what is under way on the device, also what an earlier process left. */
  cancel(deviceId: DeviceId): void {
    const isRunning = this.#parts.commands.updateProgress(deviceId) !== undefined;
    this.#parts.commands.cancelUpdate(deviceId);
    const left = this.#left.get(deviceId);
    if (isRunning || left === undefined) return;
    this.#left.delete(deviceId);
    this.ended(deviceId, left.id, { outcome: 'failed', reason: 'cancelled' });
  }

  /** What is under way on the device, or undefined. */
  progressOf(deviceId: DeviceId): UpdateProgress | undefined {
    return this.#running.get(deviceId)?.progress;
  }

  /** Tells `listener` of every step of the device's updates from now on. @returns how to end that */
  watch(deviceId: DeviceId, listener: ProgressListener): () => void {
    const watchers = this.#watchers.get(deviceId) ?? new Set();
    this.#watchers.set(deviceId, watchers.add(listener));
    return () => {
      watchers.delete(listener);
      if (watchers.size === 0 && this.#watchers.get(deviceId) === watchers) this.#watchers.delete(deviceId);
    };
  }

  /** Tells `listener` of every update that is over. @returns how to end that */
  onEnded(listener: EndListener): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Resolves when everything is stored that was told of so far. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  /** What an earlier process left gives way to what is asked for now. */
  #replace(deviceId: DeviceId, running: Running): void {
    const left = this.#left.get(deviceId);
    if (left !== undefined) {
      this.#left.delete(deviceId);
      this.ended(deviceId, left.id, { outcome: 'failed', reason: 'cancelled' });
    }
    this.#running.set(deviceId, running);
  }

  /** Nothing was tried on a device that is not there or is busy, so nothing stays of that. */
  async #neverBegan({ id, deviceId }: NewUpdate, error: unknown, running: Running | undefined): Promise<void> {
    const { store, clock } = this.#parts;
    const code = error instanceof GatewayError ? error.code : undefined;
    const outcome = code === 'device.timed_out' ? 'no_answer' : 'refused';
    if (code === undefined || code === 'device.not_connected' || code === 'device.updating') {
      await deleteUpdate(store.db, id);
      return;
    }
    const message = errorMessage(error);
    await endUpdate(store.db, id, { at: clock.now(), outcome, message, stage: 'starting', bytes: 0 });
    if (running !== undefined) this.#over(deviceId, { ...running.progress, outcome, message });
  }

  /** The images that the device lacks; undefined when one of them is gone from the store. An application that runs already is not sent again. */
  async #restOf({ deviceId, images, imagesDone, target }: PendingUpdate): Promise<FirmwareImage[] | undefined> {
    const device = target && (await findDevice(this.#parts.store.db, deviceId));
    const hasIt =
      device?.productId === target?.productId && device !== undefined && runningVersion(device) === target?.version;
    const rest: FirmwareImage[] = [];
    for (const { hash, moduleFunction } of images.slice(imagesDone)) {
      if (target !== undefined && hasIt && moduleFunction !== ModuleFunction.ASSET) continue;
      const data = await this.#parts.blobs.get(hash);
      if (data === undefined) return undefined;
      rest.push({ data, moduleFunction });
    }
    return rest;
  }

  #move(deviceId: DeviceId, running: Running, change: Partial<UpdateProgress>): void {
    running.progress = { ...running.progress, ...change };
    this.#show(deviceId, running.progress);
  }

  #show(deviceId: DeviceId, progress: UpdateProgress): void {
    for (const listener of this.#watchers.get(deviceId) ?? []) listener(progress);
  }

  #over(deviceId: DeviceId, progress: UpdateProgress): void {
    this.#show(deviceId, progress);
    const { id, reason, target, outcome, message } = progress;
    for (const listener of this.#endListeners)
      listener(deviceId, { id, reason, target, outcome: outcome ?? '', message });
  }

  /** One after the other for each device: a status must not overtake the one before it. */
  #later(deviceId: DeviceId, write: () => Promise<void> | void): void {
    const writing = (this.#writing.get(deviceId) ?? Promise.resolve()).then(write).catch((error: unknown) => {
      this.#parts.log.error({ device: deviceId, error: errorMessage(error) }, 'state of a firmware update was lost');
    });
    this.#writing.set(deviceId, writing);
    void writing.then(() => {
      if (this.#writing.get(deviceId) === writing) this.#writing.delete(deviceId);
    });
  }
}

function startOf(update: NewUpdate, totalBytes: number): Running {
  const { id, reason, target, images } = update;
  const progress: UpdateProgress = {
    id,
    reason,
    target,
    stage: 'starting',
    image: 0,
    images: images.length,
    bytes: 0,
    totalBytes,
    outcome: null,
    message: undefined,
  };
  return { id, reason, target, images: images.length, before: 0, progress };
}

function runningOf({ id, reason, target, images, imagesDone, totalBytes, bytes }: PendingUpdate): Running {
  const progress: UpdateProgress = {
    id,
    reason,
    target,
    stage: 'transferring',
    image: imagesDone,
    images: images.length,
    bytes,
    totalBytes,
    outcome: null,
    message: undefined,
  };
  return { id, reason, target, images: images.length, before: imagesDone, progress };
}
