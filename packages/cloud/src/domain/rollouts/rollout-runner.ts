import type { DeviceCommands } from '@cloudchamber/gateway';
import { type DeviceId, days, errorMessage, minutes, type Timer } from '@cloudchamber/kernel';
import { DeviceWrites, firmwareTargets } from '../devices/index.ts';
import type { UpdateJournal } from '../firmware/index.ts';
import { advanceRollout } from './advance-rollout.ts';
import { chooseStep } from './choose-step.ts';
import { failOverdue } from './fail-overdue.ts';
import { lookAtDevices } from './look-at-devices.ts';
import { isActive, type Rollout, rolloutChanges } from './rollout.ts';
import { firstOffer, noteSucceeded } from './rollout-device-store.ts';
import type { RolloutParts } from './rollout-parts.ts';
import { findActiveRollouts, findRollout } from './rollout-store.ts';
import { deadlineOf, nextStepAt } from './rollout-times.ts';

export interface RolloutRunnerParts extends RolloutParts {
  readonly commands: Pick<DeviceCommands, 'isOnline'>;
  readonly updates: Pick<UpdateJournal, 'onEnded' | 'progressOf'>;
  /** Why the update of a device that is online hasn't begun, for people; undefined when nothing is known. */
  readonly waitsFor?: (deviceId: DeviceId) => string | undefined;
}

/** A rollout that has not ended. */
interface Driven {
  readonly id: string;
  readonly productId: number;
  readonly version: number;
  /** Devices to look at; `all` for all that wait. */
  devices: Set<DeviceId> | 'all';
  isAsked: boolean;
  running: Promise<void> | undefined;
  /** When it is to be looked at by itself, ms UTC. */
  wakeAt: number | undefined;
}

/** So many devices are remembered by id; for more all that wait are looked at. */
const MOST_REMEMBERED = 2000;
const TRY_AGAIN_MS = minutes(1);
/** Timers of the system are not good for more than 24 days. */
const LONGEST_TIMER_MS = days(1);

/**
 * Moves the rollouts of all products on: chooses the devices of steps, hears what becomes of them, halts, waits and completes. It keeps in memory which rollouts have
 * not ended, and an alarm for the next deadline or end of a pause; all else is in the store, so that another process goes on where this one ends.
 */
export class RolloutRunner {
  readonly #parts: RolloutRunnerParts;
  readonly #writes: DeviceWrites;
  readonly #driven = new Map<string, Driven>();
  /** A product has at most one that has not ended. */
  readonly #byProduct = new Map<number, Driven>();
  readonly #endings: (() => void)[];
  readonly #learning = new Set<Promise<void>>();
  #alarm: Timer | undefined;
  #closed = false;

  private constructor(parts: RolloutRunnerParts) {
    this.#parts = parts;
    this.#writes = new DeviceWrites(parts.store);
    this.#endings = [
      parts.bus.subscribe(rolloutChanges, ({ rolloutId }) => this.#changed(rolloutId)),
      parts.bus.subscribe(firmwareTargets, ({ productId, deviceIds }) => {
        const driven = this.#byProduct.get(productId);
        if (driven !== undefined) this.#ask(driven, deviceIds ?? 'all');
      }),
      parts.updates.onEnded((deviceId, { target }) => {
        const driven = target?.rolloutId === undefined ? undefined : this.#driven.get(target.rolloutId);
        if (driven !== undefined) this.#ask(driven, [deviceId]);
      }),
    ];
  }

  /** Goes on with the rollouts that have not ended. */
  static async open(parts: RolloutRunnerParts): Promise<RolloutRunner> {
    const runner = new RolloutRunner(parts);
    for (const rollout of await findActiveRollouts(parts.store.db)) runner.#ask(runner.#drive(rollout), 'all');
    return runner;
  }

  /**
   * A device has said Hello with firmware of its product. Resolves when that is stored, which must be before its target is looked at: the rollout keeps it on the
   * version. Costs nothing for products without a rollout.
   */
  async noteRan(deviceId: DeviceId, productId: number, version: number): Promise<void> {
    const driven = this.#byProduct.get(productId);
    if (driven?.version !== version) return;
    const at = this.#parts.clock.now();
    let changed = false;
    await this.#writes.run(async (db) => {
      changed = await noteSucceeded(db, driven.id, deviceId, at);
    });
    if (changed) this.#ask(driven, []);
  }

  /** Resolves when everything is done that can be done now. */
  async settled(): Promise<void> {
    await this.#writes.settled();
    for (;;) {
      const running = [...this.#learning, ...[...this.#driven.values()].flatMap((driven) => driven.running ?? [])];
      if (running.length === 0) return;
      await Promise.all(running);
    }
  }

  /** Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#alarm?.cancel();
    for (const end of this.#endings) end();
    await this.settled();
  }

  #changed(rolloutId: string): void {
    const known = this.#driven.get(rolloutId);
    if (known !== undefined) return this.#ask(known, []);
    const learning = this.#learn(rolloutId).finally(() => this.#learning.delete(learning));
    this.#learning.add(learning);
  }

  async #learn(rolloutId: string): Promise<void> {
    try {
      const rollout = await findRollout(this.#parts.store.db, rolloutId);
      if (rollout !== undefined && isActive(rollout.state)) this.#ask(this.#drive(rollout), []);
    } catch (error) {
      this.#parts.log.error({ rollout: rolloutId, error: errorMessage(error) }, 'a rollout could not be read');
    }
  }

  #drive({ id, productId, version }: Rollout): Driven {
    const known = this.#driven.get(id);
    if (known !== undefined) return known;
    const fresh = { devices: new Set<DeviceId>(), isAsked: false, running: undefined, wakeAt: undefined };
    const driven: Driven = { id, productId, version, ...fresh };
    this.#driven.set(id, driven);
    this.#byProduct.set(productId, driven);
    return driven;
  }

  /** Looks at a rollout, and at these of its devices. What is asked for while it is looked at follows after that, once. */
  #ask(driven: Driven, devices: readonly DeviceId[] | 'all'): void {
    if (this.#closed) return;
    if (devices === 'all') driven.devices = 'all';
    if (driven.devices !== 'all') {
      for (const id of devices) driven.devices.add(id as DeviceId);
      if (driven.devices.size > MOST_REMEMBERED) driven.devices = 'all';
    }
    driven.isAsked = true;
    driven.running ??= this.#turns(driven).finally(() => {
      driven.running = undefined;
      this.#setAlarm();
    });
  }

  async #turns(driven: Driven): Promise<void> {
    while (driven.isAsked && !this.#closed) {
      driven.isAsked = false;
      const { devices } = driven;
      driven.devices = new Set();
      try {
        await this.#turn(driven, devices);
      } catch (error) {
        const { id: rollout } = driven;
        this.#parts.log.error(
          { rollout, error: errorMessage(error) },
          'a rollout could not be moved on; tried again in a minute',
        );
        driven.devices = 'all';
        driven.wakeAt = this.#parts.clock.now() + TRY_AGAIN_MS;
        return;
      }
    }
  }

  async #turn(driven: Driven, devices: ReadonlySet<DeviceId> | 'all'): Promise<void> {
    const parts = this.#parts;
    let rollout = await findRollout(parts.store.db, driven.id);
    if (rollout !== undefined && isActive(rollout.state)) {
      await lookAtDevices(parts, rollout, devices === 'all' ? undefined : [...devices]);
    }
    while (rollout !== undefined && isActive(rollout.state) && !this.#closed) {
      if (rollout.state === 'running') {
        if (rollout.stepStartedAt === null) await chooseStep(parts, rollout);
        else await failOverdue(parts, rollout, this.#sight);
      }
      const before = rollout;
      rollout = await findRollout(parts.store.db, driven.id);
      if (rollout === undefined) break;
      rollout = (await advanceRollout(parts, rollout)) ?? rollout;
      const isSame = rollout.state === before.state && rollout.step === before.step;
      if (isSame && rollout.stepStartedAt === before.stepStartedAt) break;
    }
    if (rollout !== undefined && isActive(rollout.state)) driven.wakeAt = await this.#wakeTimeOf(rollout);
    else this.#forget(driven);
  }

  async #wakeTimeOf(rollout: Rollout): Promise<number | undefined> {
    if (rollout.state === 'waiting') return nextStepAt(rollout) ?? undefined;
    if (rollout.state !== 'running') return undefined;
    const first = await firstOffer(this.#parts.store.history, rollout);
    return first && deadlineOf(rollout, first);
  }

  #forget(driven: Driven): void {
    driven.wakeAt = undefined;
    this.#driven.delete(driven.id);
    if (this.#byProduct.get(driven.productId) === driven) this.#byProduct.delete(driven.productId);
  }

  /** One timer for all rollouts. */
  #setAlarm(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    const times = [...this.#driven.values()].flatMap(({ wakeAt }) => wakeAt ?? []);
    if (times.length === 0 || this.#closed) return;
    const next = times.reduce((first, time) => Math.min(first, time));
    const delay = Math.min(Math.max(0, next - this.#parts.clock.now()), LONGEST_TIMER_MS);
    this.#alarm = this.#parts.clock.after(delay, () => this.#wake());
  }

  #wake(): void {
    const now = this.#parts.clock.now();
    for (const driven of this.#driven.values()) {
      if (driven.wakeAt === undefined || driven.wakeAt > now) continue;
      driven.wakeAt = undefined;
      this.#ask(driven, []);
    }
    this.#setAlarm();
  }

  readonly #sight = {
    isOnline: (deviceId: DeviceId) => this.#parts.commands.isOnline(deviceId),
    isUpdating: (deviceId: DeviceId) => this.#parts.updates.progressOf(deviceId) !== undefined,
    waitsFor: (deviceId: DeviceId) => this.#parts.waitsFor?.(deviceId),
  };
}
