import { type DeviceCommands, GatewayError } from '@cloudchamber/gateway';
import { type DeviceId, errorMessage, type Logger, minutes, seconds, type Timer } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { firmwareTargets } from '../devices/index.ts';
import { type FirmwareBlobs, modulesAdded, type UpdateJournal, type UpdateProgress } from '../firmware/index.ts';
import {
  findReleases,
  findTargetFacts,
  isDue,
  type MemberTarget,
  pageOfMembers,
  type Releases,
  resolveTarget,
  type Target,
} from '../releases/index.ts';
import { type Blocked, type Candidate, decideUpdate, type UpdateJob, type Wait } from './decide-update.ts';
import { FleetPlans } from './fleet-plans.ts';
import { PendingNotices } from './pending-notices.ts';
import { findInSafeMode } from './safe-mode-store.ts';
import { type SendParts, sendUpdate } from './send-update.ts';
import { UpdateQueue } from './update-queue.ts';

export interface FleetUpdaterParts extends Omit<SendParts, 'plans' | 'commands' | 'updates'> {
  readonly log: Logger;
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  readonly blobs: FirmwareBlobs;
  /** Updates under way at once. */
  readonly atOnce: number;
}

/** A device that waits for something, or for its turn. */
export type WaitOrTurn = Omit<Wait, 'blocked'> & { readonly blocked: Blocked | 'waiting_for_slot' };

/** What the updater does, for `/metrics`. */
export interface FleetFigures {
  readonly running: number;
  /** Devices that wait, by why. */
  readonly waiting: ReadonlyMap<WaitOrTurn['blocked'], number>;
  /** Updates that devices took, since the process started. */
  readonly started: number;
  /** Updates that are over, by outcome, since the process started. */
  readonly ended: ReadonlyMap<string, number>;
}

/** Devices that one look at the store is for. */
const BATCH = 200;
/** Of more than so many the rows are read in another thread. */
const FEW = 16;
const TRY_AGAIN_MS = minutes(1);
/** Between two looks at all devices whose time has come. */
const LEAST_PAUSE_MS = seconds(1);
const MOST_IN_SAFE_MODE = 10_000;

const WORDS: Readonly<Record<Blocked, string>> = {
  updates_disabled: 'the device forbids updates',
  backing_off: 'an attempt has failed, and the next one waits',
  updating: 'another update of the device is under way',
  missing_dependencies: 'the device lacks parts of Device OS',
  too_large: 'the firmware is too large for the device',
  device_os_too_old: 'the Device OS of the device is too old',
  unsuitable: 'the firmware does not fit the device',
};

/**
 * Brings devices the firmware that they should run. Whatever may change that leads to a look at the device in the store, and what is decided there is the same in every
 * process: in memory are only who waits for what, and the queue for a place among the updates under way, of devices that are online here.
 */
export class FleetUpdater {
  readonly #parts: FleetUpdaterParts & SendParts;
  readonly #queue = new UpdateQueue();
  readonly #notices: PendingNotices;
  readonly #waits = new Map<DeviceId, Wait & { readonly productId: number }>();
  /** Devices that are online and are being updated for their product or out of safe mode. */
  readonly #active = new Set<DeviceId>();
  /** Devices that are just being sent something, and whether they are to be looked at once more afterwards. */
  readonly #starting = new Map<DeviceId, boolean>();
  readonly #safeMode = new Set<DeviceId>();
  readonly #toLook = new Set<DeviceId>();
  readonly #toSweep = new Set<number>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #endings: (() => void)[];
  readonly #ended = new Map<string, number>();
  #resumed: readonly DeviceId[] = [];
  #started = 0;
  #isLooking = false;
  #isSweeping = false;
  #alarm: { readonly at: number; readonly timer: Timer } | undefined;
  #closed = false;

  constructor(parts: FleetUpdaterParts) {
    this.#parts = { ...parts, plans: new FleetPlans(parts) };
    this.#notices = new PendingNotices(parts);
    this.#endings = [
      parts.bus.subscribe(firmwareTargets, ({ productId, deviceIds }) => {
        if (deviceIds === undefined) this.#sweep(productId);
        else for (const id of deviceIds) this.#look(id);
      }),
      parts.bus.subscribe(modulesAdded, () => this.#lookAtLacking()),
      parts.updates.onEnded((deviceId, { target, reason, outcome }) => {
        this.#active.delete(deviceId);
        if (target !== undefined || reason === 'repair') this.#ended.set(outcome, (this.#ended.get(outcome) ?? 0) + 1);
        this.#look(deviceId);
        this.#fill();
      }),
    ];
  }

  /** Devices that were online when an earlier process ended, and still are as far as anybody knows. */
  resumed(deviceIds: readonly DeviceId[]): void {
    this.#resumed = [...this.#resumed, ...deviceIds];
  }

  /** Looks at the devices that are online already. Call it when commands reach them. */
  async start(): Promise<void> {
    const resumed = this.#resumed;
    this.#resumed = [];
    for (const id of resumed) this.connected(id);
    if (resumed.length === 0) return;
    for (const id of await findInSafeMode(this.#parts.store.history, MOST_IN_SAFE_MODE)) {
      if (this.#parts.commands.isOnline(id)) this.inSafeMode(id);
    }
  }

  /** A session of the device has begun, or it is heard again. */
  connected(deviceId: DeviceId): void {
    this.#notices.forget(deviceId);
    this.#safeMode.delete(deviceId);
    if (isOfFleet(this.#parts.updates.progressOf(deviceId))) this.#active.add(deviceId);
    this.#look(deviceId);
  }

  /** The device is offline: nothing about it is remembered. An update that is interrupted goes on by itself later, and holds no place meanwhile. */
  disconnected(deviceId: DeviceId): void {
    this.#forget(deviceId);
    this.#notices.forget(deviceId);
    this.#safeMode.delete(deviceId);
    this.#toLook.delete(deviceId);
    if (this.#active.delete(deviceId)) this.#fill();
  }

  /** The device has said that it misses modules. */
  inSafeMode(deviceId: DeviceId): void {
    this.#safeMode.add(deviceId);
    this.#look(deviceId);
  }

  /** The device has said whether it allows updates. */
  allowed(deviceId: DeviceId): void {
    if (this.#waits.get(deviceId)?.blocked === 'updates_disabled') this.#look(deviceId);
  }

  /** The device has said which modules it has. */
  described(deviceId: DeviceId): void {
    // What is just being sent has asked for it itself.
    if (this.#starting.has(deviceId)) return;
    const isOfInterest = this.#waits.get(deviceId)?.blocked === 'missing_dependencies' || this.#safeMode.has(deviceId);
    if (isOfInterest) this.#look(deviceId);
  }

  #lookAtLacking(): void {
    for (const [deviceId, { blocked }] of this.#waits) if (blocked === 'missing_dependencies') this.#look(deviceId);
    for (const deviceId of this.#safeMode) this.#look(deviceId);
  }

  /** Why a device that should get something does not get it now; undefined when nothing keeps it. */
  waitOf(deviceId: DeviceId): WaitOrTurn | undefined {
    if (this.#queue.has(deviceId)) return { blocked: 'waiting_for_slot' };
    const known = this.#waits.get(deviceId);
    if (known === undefined) return undefined;
    const { productId: _where, ...wait } = known;
    return wait;
  }

  /** The devices of a product that wait, and why. */
  waitingIn(productId: number): ReadonlyMap<DeviceId, WaitOrTurn['blocked']> {
    const waiting = new Map<DeviceId, WaitOrTurn['blocked']>();
    for (const id of this.#queue.of(productId)) waiting.set(id, 'waiting_for_slot');
    for (const [id, wait] of this.#waits) if (wait.productId === productId) waiting.set(id, wait.blocked);
    return waiting;
  }

  /** The same for people. */
  waitsFor(deviceId: DeviceId): string | undefined {
    if (this.#queue.has(deviceId)) return 'other updates come first';
    const wait = this.#waits.get(deviceId);
    return wait && (wait.message ?? WORDS[wait.blocked]);
  }

  figures(): FleetFigures {
    const waiting = new Map<WaitOrTurn['blocked'], number>([['waiting_for_slot', this.#queue.size]]);
    for (const { blocked } of this.#waits.values()) waiting.set(blocked, (waiting.get(blocked) ?? 0) + 1);
    return { running: this.#active.size, waiting, started: this.#started, ended: this.#ended };
  }

  /** Begins nothing more. */
  close(): void {
    this.#closed = true;
    this.#alarm?.timer.cancel();
    for (const end of this.#endings) end();
  }

  /** Resolves when what can be done now is done. */
  async settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    await this.#notices.settled();
  }

  #look(deviceId: DeviceId): void {
    if (this.#closed) return;
    const { commands, updates } = this.#parts;
    if (!commands.isOnline(deviceId) && updates.progressOf(deviceId) === undefined) return;
    if (this.#starting.has(deviceId)) {
      this.#starting.set(deviceId, true);
      return;
    }
    this.#toLook.add(deviceId);
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#run(this.#lookAtAll());
  }

  async #lookAtAll(): Promise<void> {
    // A turn later, so that what is told of many devices at once is one look.
    await Promise.resolve();
    while (this.#toLook.size > 0 && !this.#closed) {
      const ids = firstOf(this.#toLook, BATCH);
      for (const id of ids) this.#toLook.delete(id);
      await this.#lookAt(ids);
      this.#fill();
    }
    this.#isLooking = false;
  }

  async #lookAt(ids: readonly DeviceId[]): Promise<void> {
    const { store, clock, log } = this.#parts;
    try {
      const candidates = await this.#candidates(ids.length > FEW ? store.history : store.reads, ids);
      for (const candidate of candidates) {
        const { deviceId } = candidate;
        const job = this.#starting.has(deviceId) ? undefined : await this.#judge(candidate);
        if (job === undefined) continue;
        this.#waits.delete(deviceId);
        this.#queue.add(job.productId ?? 0, deviceId);
      }
    } catch (error) {
      log.error({ error: errorMessage(error), devices: ids.length }, 'devices could not be looked at for updates');
      for (const id of ids) this.#wait(id, 0, { blocked: 'backing_off', until: clock.now() + TRY_AGAIN_MS });
    }
  }

  async #candidates(db: Store['reads'], ids: readonly DeviceId[]): Promise<Candidate[]> {
    const members = await findTargetFacts(db, ids);
    const releases = new Map<number, Releases>();
    for (const { productId } of members.values()) {
      if (!releases.has(productId)) releases.set(productId, await findReleases(db, productId));
    }
    return ids.map((deviceId) => {
      const member = members.get(deviceId);
      const released = member && releases.get(member.productId);
      const target = member && released ? resolveTarget(member.facts, released) : null;
      return { deviceId, member, target, isInSafeMode: this.#safeMode.has(deviceId) };
    });
  }

  /** Notes what follows for a device. @returns what it is to be sent, when it is to be sent something and nothing keeps it */
  async #judge(candidate: Candidate): Promise<UpdateJob | undefined> {
    const { deviceId, member, target } = candidate;
    const { updates } = this.#parts;
    const decision = await decideUpdate(this.#parts, candidate);
    const progress = updates.progressOf(deviceId);
    if (progress !== undefined) {
      this.#forget(deviceId);
      if (decision.kind !== 'nothing' && !isOfFleet(progress))
        this.#wait(deviceId, member?.productId ?? 0, { blocked: 'updating' });
      if (isObsolete(progress, member, target)) updates.cancel(deviceId);
      return undefined;
    }
    if (decision.kind === 'send') return decision.job;
    this.#forget(deviceId);
    if (decision.kind === 'wait') this.#wait(deviceId, member?.productId ?? 0, decision.wait);
    else this.#notices.set(deviceId, false);
    return undefined;
  }

  /** Looks for devices of a product that are online and due, or that wait and aren't any more. */
  #sweep(productId: number): void {
    this.#toSweep.add(productId);
    this.#sweepWaiting();
  }

  #sweepWaiting(): void {
    if (this.#closed || this.#isSweeping || this.#toSweep.size === 0) return;
    this.#isSweeping = true;
    this.#run(this.#sweepAll());
  }

  async #sweepAll(): Promise<void> {
    const { clock, log } = this.#parts;
    const failed: number[] = [];
    for (const productId of this.#toSweep) {
      this.#toSweep.delete(productId);
      try {
        await this.#sweepOne(productId);
      } catch (error) {
        log.error(
          { product: productId, error: errorMessage(error) },
          'a product could not be looked through for updates',
        );
        failed.push(productId);
      }
    }
    this.#isSweeping = false;
    for (const productId of failed) this.#toSweep.add(productId);
    if (failed.length > 0) this.#wakeAt(clock.now() + TRY_AGAIN_MS);
  }

  async #sweepOne(productId: number): Promise<void> {
    const { history } = this.#parts.store;
    const releases = await findReleases(history, productId);
    let page = await pageOfMembers(history, productId, undefined, BATCH);
    while (page.length > 0 && !this.#closed) {
      for (const member of page) if (this.#isConcerned(member, releases)) this.#look(member.id);
      page = await pageOfMembers(history, productId, page.at(-1)?.id, BATCH);
    }
  }

  #isConcerned(member: MemberTarget, releases: Releases): boolean {
    const { id, facts } = member;
    if (this.#waits.has(id) || this.#queue.has(id) || this.#notices.has(id)) return true;
    const target = resolveTarget(facts, releases);
    if (isObsolete(this.#parts.updates.progressOf(id), member, target)) return true;
    return target !== null && isDue(target, member);
  }

  /** Begins updates while there is a place for them. */
  #fill(): void {
    while (!this.#closed && this.#active.size + this.#starting.size < this.#parts.atOnce) {
      const deviceId = this.#queue.next();
      if (deviceId === undefined) return;
      if (this.#active.has(deviceId) || this.#starting.has(deviceId)) continue;
      this.#starting.set(deviceId, false);
      this.#run(this.#begin(deviceId));
    }
  }

  async #begin(deviceId: DeviceId): Promise<void> {
    const { store, clock, log, commands, updates } = this.#parts;
    let productId = 0;
    try {
      const [candidate] = await this.#candidates(store.reads, [deviceId]);
      const job = candidate && (await this.#judge(candidate));
      if (job === undefined) return;
      productId = job.productId ?? 0;
      const isWanted = () => !this.#closed && commands.isOnline(deviceId) && updates.progressOf(deviceId) === undefined;
      const wait = await sendUpdate(this.#parts, job, isWanted);
      this.#forget(deviceId);
      if (wait === undefined) this.#begun(deviceId);
      else if (wait !== 'nothing') this.#wait(deviceId, productId, wait);
    } catch (error) {
      this.#active.delete(deviceId);
      if (!(error instanceof GatewayError)) {
        log.error({ device: deviceId, error: errorMessage(error) }, 'an update could not be begun');
        this.#wait(deviceId, productId, { blocked: 'backing_off', until: clock.now() + TRY_AGAIN_MS });
      }
      // What the device refused or did not answer is in its history now, and counts as an attempt.
      else if (error.code === 'device.updating') this.#wait(deviceId, productId, { blocked: 'updating' });
      else if (error.code !== 'device.not_connected') this.#starting.set(deviceId, true);
    } finally {
      const again = this.#starting.get(deviceId);
      this.#starting.delete(deviceId);
      if (again) this.#look(deviceId);
      this.#fill();
    }
  }

  #begun(deviceId: DeviceId): void {
    this.#started += 1;
    const { commands, updates } = this.#parts;
    if (commands.isOnline(deviceId) && isOfFleet(updates.progressOf(deviceId))) this.#active.add(deviceId);
  }

  #wait(deviceId: DeviceId, productId: number, wait: Wait): void {
    if (this.#closed || !this.#parts.commands.isOnline(deviceId)) return;
    this.#queue.delete(deviceId);
    this.#waits.set(deviceId, { ...wait, productId });
    if (wait.blocked === 'updates_disabled') this.#notices.set(deviceId, true);
    if (wait.until !== undefined) this.#wakeAt(wait.until);
  }

  #forget(deviceId: DeviceId): void {
    this.#queue.delete(deviceId);
    this.#waits.delete(deviceId);
  }

  #wakeAt(time: number): void {
    const { clock } = this.#parts;
    const at = Math.max(time, clock.now() + LEAST_PAUSE_MS);
    if (this.#closed || (this.#alarm !== undefined && this.#alarm.at <= at)) return;
    this.#alarm?.timer.cancel();
    this.#alarm = { at, timer: clock.after(at - clock.now(), () => this.#wake()) };
  }

  #wake(): void {
    this.#alarm = undefined;
    const now = this.#parts.clock.now();
    let next: number | undefined;
    for (const [deviceId, { until }] of this.#waits) {
      if (until === undefined) continue;
      if (until <= now) this.#look(deviceId);
      else next = Math.min(next ?? until, until);
    }
    if (next !== undefined) this.#wakeAt(next);
    this.#sweepWaiting();
  }

  #run(task: Promise<void>): void {
    const running = task.finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }
}

function firstOf<Item>(items: Iterable<Item>, most: number): Item[] {
  const first: Item[] = [];
  for (const item of items) {
    if (first.length === most) break;
    first.push(item);
  }
  return first;
}

/** Is it the cloud's own, not somebody's flash? */
function isOfFleet(progress: UpdateProgress | undefined): boolean {
  return progress !== undefined && (progress.target !== undefined || progress.reason === 'repair');
}

/** Firmware of a product that the device has left or that it gets nothing from any more, or in the place of which it is to get another version at once. */
function isObsolete(
  progress: UpdateProgress | undefined,
  member: MemberTarget | undefined,
  target: Target | null,
): boolean {
  if (progress?.target === undefined) return false;
  if (member?.productId !== progress.target.productId || member.facts.development) return true;
  return target?.immediate === true && target.version !== progress.target.version;
}
