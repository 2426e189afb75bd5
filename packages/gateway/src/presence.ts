import { learnSilence, silenceAllowed } from './keep-alive.ts';
import type { OfflineReason } from './ports.ts';

/** What an earlier process knew of a device's presence. */
export interface EarlierPresence {
  /** When it was last heard, monotonic ms of this process: in the past, maybe negative. */
  readonly lastHeardAt: number;
  readonly silenceAllowedMs: number;
  readonly offline: OfflineReason | undefined;
}

/** Whether a device counts as online, and when it was heard (CON-12, CON-20). Times are monotonic ms. */
export class Presence {
  /** When this process took it up: nobody can have been heard before. */
  readonly #heldSince: number;
  #lastHeardAt: number;
  #silenceAllowedMs = 0;
  #online = false;
  #offline: OfflineReason | undefined;

  constructor(now: number, earlier?: EarlierPresence) {
    this.#heldSince = now;
    this.#lastHeardAt = earlier?.lastHeardAt ?? now;
    if (earlier === undefined) return;
    this.#silenceAllowedMs = earlier.silenceAllowedMs;
    this.#offline = earlier.offline;
    this.#online = earlier.offline === undefined;
  }

  get online(): boolean {
    return this.#online;
  }

  /** Why it counts as offline, undefined while it is online. A server that stops knows nothing new of its devices. */
  get offline(): OfflineReason | undefined {
    return this.#offline === 'server_stopping' ? undefined : this.#offline;
  }

  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  get silenceAllowedMs(): number {
    return this.#silenceAllowedMs;
  }

  /** Allows the silence that is usual on that platform. */
  expect(platformId: number): void {
    this.#silenceAllowedMs = silenceAllowed(platformId);
  }

  /** A device that was silent for too long teaches by being heard: it uses a longer keep-alive. One that said Goodbye was asleep on purpose. */
  heard(now: number): void {
    if (this.#offline === 'silent') {
      this.#silenceAllowedMs = learnSilence(this.#silenceAllowedMs, this.#silence(now));
    }
    this.#lastHeardAt = now;
  }

  goOnline(): void {
    this.#online = true;
    this.#offline = undefined;
  }

  goOffline(reason: OfflineReason): void {
    this.#online = false;
    this.#offline = reason;
  }

  /** Whether it counts as online but has been silent for longer than it may. */
  isMissing(now: number): boolean {
    return this.#online && this.#silence(now) > this.#silenceAllowedMs;
  }

  #silence(now: number): number {
    return now - Math.max(this.#lastHeardAt, this.#heldSince);
  }
}
