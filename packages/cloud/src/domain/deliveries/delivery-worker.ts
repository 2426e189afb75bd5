import { type Clock, type Entropy, errorMessage, type Logger, minutes, seconds } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { NewEvent, Store } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import { liveEvents } from '../events/index.ts';
import type { HealthCounter } from '../health/index.ts';
import type { HookEvent } from '../integrations/index.ts';
import { delivered, type Failure, failed, notSent, postponed, slept } from './attempt-outcome.ts';
import { type CallLimits, CallSlots, defaultCallLimits } from './call-slots.ts';
import type { DeliveryBacklog } from './delivery-backlog.ts';
import {
  countDeliveries,
  deleteOwed,
  findWaiting,
  nextOwedIntegration,
  type WaitingDelivery,
} from './delivery-store.ts';
import type { Call, CallOutcome, DeliveryTarget, DeliveryTargets } from './delivery-target.ts';
import { dueDeliveries } from './delivery-topics.ts';
import { HookEvents } from './hook-events.ts';
import { HostThrottle } from './host-throttle.ts';
import { Lane, type Prepared } from './lane.ts';
import { eventLogText } from './log-text.ts';
import type { Outcome } from './outcome-store.ts';
import { OutcomeWriter } from './outcome-writer.ts';
import { isExpired } from './retry-schedule.ts';

export interface DeliveryWorkerParts {
  /** With the event log of `routeEvents`. */
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  readonly targets: DeliveryTargets;
  readonly backlog: DeliveryBacklog;
  readonly limits?: CallLimits;
  /** What counts attempts for products, where somebody wants to know. */
  readonly health?: Pick<HealthCounter, 'attempt'> | undefined;
}

/** What became of attempts, by name, since this process started. */
export type AttemptKind = 'delivered' | 'failed' | 'retried' | 'asleep' | 'refused' | 'dropped';

/** Section 5 of the event notes. */
export const SLEEPING = 'Sleeping, too many errors, please wait and try again';
const EVENT_GONE = 'The event log has this event no longer';
const UNMAKEABLE = 'No request could be made of this event';
const BACKLOG_FULL = 'Too many events wait for this integration already: this one will not be delivered';

/** Due deliveries of an integration that are read at once, and with how few left more are read. */
const WINDOW = 32;
const FEW = 8;
/** Reads at once. */
const MOST_READS = 4;
/** Attempts that have ended and are not stored yet; with more no attempt begins. */
const MOST_UNSTORED = 400;
const SLEEP = seconds(10);
/** How soon is looked again at an integration that is switched off, or that could not be read. */
const DISABLED = minutes(1);
const UNREADABLE = seconds(5);
const DROPPED_AT_ONCE = 1000;
/** What is under way may end within this when the worker closes. */
const GRACE = seconds(3);

/**
 * Delivers what is owed: every row of `deliveries` is attempted until it is delivered, which deletes it, or given up, which keeps it as failed. Rows are written in
 * the commit of their event, and an outcome is stored after its attempt: whenever the process ends, every delivery is made at least once. One per store.
 */
export class DeliveryWorker {
  readonly #parts: DeliveryWorkerParts;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes with something to attempt, in the order of their turns. */
  readonly #ready = new Set<Lane>();
  /** Lanes that the store is to be asked for. */
  readonly #toRead = new Set<Lane>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #slots: CallSlots;
  readonly #throttle: HostThrottle;
  readonly #writer: OutcomeWriter;
  readonly #hooks: HookEvents;
  readonly #counts = new Map<AttemptKind, number>();
  readonly #unsubscribe: (() => void)[];
  #reads = 0;
  #unstored = 0;
  #closing = false;
  /** What ends now is not stored any more. */
  #abandoned = false;

  constructor(parts: DeliveryWorkerParts) {
    const { bus, clock, entropy, backlog, limits = defaultCallLimits } = parts;
    this.#parts = parts;
    this.#slots = new CallSlots(limits);
    this.#throttle = new HostThrottle(clock, entropy);
    this.#writer = new OutcomeWriter(parts);
    this.#hooks = new HookEvents(parts);
    backlog.onRefusal((integrationId, event) => this.#refuse(integrationId, event));
    this.#unsubscribe = [
      bus.subscribe(liveEvents, (event) => {
        if (event.deliveries === undefined || event.deliveries.length === 0) return;
        backlog.owe(event);
        for (const id of event.deliveries) this.wake(id);
      }),
      bus.subscribe(dueDeliveries, ({ integrationId, more }) => {
        backlog.add(integrationId, more);
        this.wake(integrationId);
      }),
    ];
  }

  /** Takes up what an earlier process left. Resolves when all of it is known. */
  async start(): Promise<void> {
    const { store, backlog } = this.#parts;
    let id = await nextOwedIntegration(store.db, '');
    while (id !== undefined && !this.#closing) {
      backlog.set(id, await countDeliveries(store.history, id, 'waiting', Number.MAX_SAFE_INTEGER));
      if (backlog.waiting(id) > 0) this.wake(id);
      id = await nextOwedIntegration(store.db, id);
    }
  }

  /** Looks for what is due to an integration. */
  wake(integrationId: string): void {
    if (this.#closing) return;
    const lane = this.#lanes.get(integrationId) ?? this.#addLane(integrationId);
    lane.stale = true;
    this.#tend(lane);
  }

  /** Attempts under way. */
  get underWay(): number {
    return this.#slots.total;
  }

  /** What became of attempts, since this process started. */
  get counts(): ReadonlyMap<AttemptKind, number> {
    return this.#counts;
  }

  /** For how long the oldest delivery that is due has been owed, ms; 0 when none is. */
  get oldestAge(): number {
    const now = this.#parts.clock.now();
    return Math.max(0, ...[...this.#lanes.values()].map(({ oldest }) => (oldest === undefined ? 0 : now - oldest)));
  }

  /** Begins nothing more and waits for what is under way, but no longer than 3 s: the rest stays owed. Close it before the outbound client and the store. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const lane of this.#lanes.values()) lane.close();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#parts.clock.after(GRACE, resolve);
    await Promise.race([Promise.allSettled([...this.#underWay]), promise]);
    timer.cancel();
    this.#abandoned = true;
    this.#hooks.close();
    await this.#writer.close();
  }

  #addLane(integrationId: string): Lane {
    const lane = new Lane(integrationId, this.#parts.clock, () => this.wake(integrationId));
    this.#lanes.set(integrationId, lane);
    return lane;
  }

  /** Reads more where that is useful, and forgets a lane that has nothing. */
  #tend(lane: Lane): void {
    if (lane.wantsMore(FEW)) this.#toRead.add(lane);
    if (lane.next !== undefined || lane.queue.length > 0) this.#ready.add(lane);
    if (lane.idle) {
      lane.close();
      this.#lanes.delete(lane.integrationId);
    }
    this.#read();
    this.#pump();
  }

  #read(): void {
    for (const lane of this.#toRead) {
      if (this.#reads >= MOST_READS || this.#closing) return;
      this.#toRead.delete(lane);
      this.#reads += 1;
      lane.beginRead();
      this.#track(
        this.#fill(lane).finally(() => {
          this.#reads -= 1;
          lane.endRead();
          this.#tend(lane);
        }),
      );
    }
  }

  async #fill(lane: Lane): Promise<void> {
    const { store, targets, clock, log } = this.#parts;
    const { integrationId } = lane;
    const limit = WINDOW + lane.held.size;
    try {
      const target = await targets.find(integrationId);
      if (target === null) return await this.#drop(lane);
      lane.target = target;
      if (target.disabled) {
        lane.empty();
        lane.wakeAt(clock.now() + DISABLED);
        return;
      }
      const found = await findWaiting(store.db, integrationId, limit);
      if (lane.fill(found, limit)) lane.stale = true;
      if (found.length === 0) this.#parts.backlog.set(integrationId, 0);
    } catch (error) {
      log.error({ integration: integrationId, error: errorMessage(error) }, 'deliveries could not be read');
      lane.stale = true;
      lane.pause(UNREADABLE);
    }
  }

  /** The integration is gone, and so is what it was owed. */
  async #drop(lane: Lane): Promise<void> {
    const { store, backlog } = this.#parts;
    const { integrationId } = lane;
    lane.empty();
    for (let gone = DROPPED_AT_ONCE; gone >= DROPPED_AT_ONCE && !this.#closing; ) {
      gone = await deleteOwed(store.db, integrationId, DROPPED_AT_ONCE);
      this.#count('dropped', gone);
    }
    backlog.set(integrationId, 0);
  }

  /** Begins attempts while there is room, one of each lane in turn. */
  #pump(): void {
    const blocked: Lane[] = [];
    for (const lane of this.#ready) {
      if (this.#closing || this.#slots.full || this.#unstored >= MOST_UNSTORED) break;
      this.#ready.delete(lane);
      const begun = this.#beginNext(lane);
      if (begun === 'blocked') blocked.push(lane);
      // A set visits what is added while it is walked through: the lane's next turn comes after all others.
      else if (begun === 'begun') this.#ready.add(lane);
      if (lane.wantsMore(FEW)) this.#toRead.add(lane);
    }
    for (const lane of blocked) this.#ready.add(lane);
    this.#read();
  }

  #beginNext(lane: Lane): 'begun' | 'blocked' | 'nothing' {
    if (lane.paused) return 'nothing';
    lane.next ??= this.#prepareNext(lane);
    if (lane.next === undefined) return 'nothing';
    const { target, call } = lane.next;
    const owner = ownerOf(target);
    const proven = this.#throttle.isProven(owner, call.host);
    const release = this.#slots.take({ integrationId: target.id, owner, host: call.host, proven });
    if (release === undefined) return 'blocked';
    const prepared = lane.next;
    lane.next = undefined;
    if (this.#throttle.allows(owner, call.host)) this.#track(this.#attempt(lane, prepared, release));
    else {
      release();
      this.#sleep(lane, prepared);
    }
    return 'begun';
  }

  #prepareNext(lane: Lane): Prepared | undefined {
    const { target } = lane;
    for (let delivery = lane.queue.shift(); delivery !== undefined; delivery = lane.queue.shift()) {
      if (target === undefined) continue;
      const call = this.#prepare(target, delivery);
      if ('error' in call) this.#track(this.#fail(lane, { target, delivery }, call));
      else return { target, delivery, call };
    }
    return undefined;
  }

  #prepare(target: DeliveryTarget, { event }: WaitingDelivery): Call | Failure {
    if (event === null) return notSent(EVENT_GONE, 'never');
    try {
      return target.prepare(event);
    } catch (error) {
      if (error instanceof DomainError) return notSent(error.message, 'never');
      this.#parts.log.error({ integration: target.id, error: errorMessage(error) }, 'a request could not be made');
      return notSent(UNMAKEABLE, 'never');
    }
  }

  async #attempt(lane: Lane, prepared: Prepared, release: () => void): Promise<void> {
    const { target, delivery, call } = prepared;
    const { event } = delivery;
    const sent = delivery.attempts === 0 && event !== null ? target.sentEvent(event) : null;
    // Nothing waits for it: it is in the log before whatever the reply causes.
    if (sent !== null) this.#track(this.#publish(target, delivery, [sent]));
    const outcome = await call.send();
    release();
    this.#unstored += 1;
    try {
      if (!this.#abandoned) await this.#conclude(lane, prepared, outcome);
    } finally {
      this.#unstored -= 1;
      this.#pump();
    }
  }

  async #conclude(lane: Lane, prepared: Prepared, outcome: CallOutcome): Promise<void> {
    const { target, delivery, call } = prepared;
    const { ok, again, status } = outcome;
    const { clock } = this.#parts;
    this.#pump();
    if (again === 'busy') return this.#settle(lane, delivery, postponed(delivery, clock.now()));
    if (ok || again === 'later' || status !== null) this.#throttle.note(ownerOf(target), call.host, ok);
    if (!ok) return this.#fail(lane, prepared, { ...outcome, error: outcome.error ?? 'failed', counts: 'error' });
    await this.#publish(target, delivery, outcome.events);
    await this.#settle(lane, delivery, delivered(delivery, outcome, clock.now()));
  }

  /** A compatible integration tells of every failure, a durable one when it gives a delivery up. */
  async #fail(
    lane: Lane,
    { target, delivery }: Pick<Prepared, 'target' | 'delivery'>,
    failure: Failure,
  ): Promise<void> {
    const { clock, entropy } = this.#parts;
    const outcome = failed(delivery, failure, { mode: target.mode, now: clock.now(), entropy });
    if (target.mode === 'compatible' || outcome.state === 'failed') {
      await this.#publishError(target, delivery, failure.error);
    }
    await this.#settle(lane, delivery, outcome);
  }

  /** The host is spared. A compatible delivery has used up an attempt; of a durable integration all wait for a while, and none has. */
  #sleep(lane: Lane, prepared: Prepared): void {
    const { target, delivery } = prepared;
    const { clock, entropy } = this.#parts;
    this.#count('asleep', 1);
    if (target.mode === 'compatible') {
      this.#track(this.#fail(lane, prepared, notSent(SLEEPING, 'later', 'sleep')));
    } else if (isExpired(delivery.createdAt, clock.now())) {
      this.#track(this.#fail(lane, prepared, notSent(delivery.lastError ?? SLEEPING, 'never')));
    } else {
      const pause = Math.round(SLEEP * (1 + entropy.fraction() / 2));
      lane.pause(pause);
      this.#track(this.#settle(lane, delivery, slept(delivery, SLEEPING, clock.now(), pause)));
    }
  }

  async #settle(lane: Lane, delivery: WaitingDelivery, outcome: Outcome): Promise<void> {
    if (this.#abandoned) return;
    this.#unstored += 1;
    const stored = await this.#writer.write(outcome);
    this.#unstored -= 1;
    if (!stored) return;
    this.#tellHealth(lane, delivery, outcome);
    lane.settled(delivery.id);
    if (outcome.state === 'waiting') {
      lane.wakeAt(outcome.dueAt);
      if (outcome.counts === 'error') this.#count('retried', 1);
    } else {
      this.#parts.backlog.add(lane.integrationId, -1);
      this.#count(outcome.state, 1);
    }
    if (!this.#closing) this.#tend(lane);
  }

  async #publishError(target: DeliveryTarget, delivery: WaitingDelivery, why: string): Promise<void> {
    if (delivery.event === null) return;
    try {
      await this.#publish(target, delivery, [target.errorEvent(delivery.event, why)]);
    } catch (error) {
      // The topic cannot be made of this event: the counters and the log tell of the failure.
      if (!(error instanceof DomainError)) throw error;
    }
  }

  async #publish(target: DeliveryTarget, { event }: WaitingDelivery, events: readonly HookEvent[]): Promise<void> {
    if (event !== null) await this.#hooks.publish(target, event, events);
  }

  #refuse(integrationId: string, event: NewEvent): void {
    this.#count('refused', 1);
    this.#writer.refuse(integrationId, {
      kind: 'error',
      event: eventLogText(event),
      request: '',
      response: BACKLOG_FULL,
    });
  }

  /** What an account's own integration does with events of a product's device is not for the product to know. */
  #tellHealth({ target }: Lane, { event }: WaitingDelivery, { counts }: Outcome): void {
    if (counts === null || event === null || target === undefined || target.owner.kind === 'user') return;
    this.#parts.health?.attempt({ deviceId: event.deviceId, productId: event.productId }, counts);
  }

  #count(kind: AttemptKind, more: number): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + more);
  }

  #track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error) =>
        this.#parts.log.error({ error: errorMessage(error) }, 'a delivery failed by a fault of this cloud'),
      )
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }
}

function ownerOf({ owner }: DeliveryTarget): string {
  return `${owner.kind} ${owner.id}`;
}
