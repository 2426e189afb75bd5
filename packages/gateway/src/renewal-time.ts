import { seconds } from '@cloudchamber/kernel';

/** A device that was heard within this time is awake: what is sent to it arrives. */
const AWAKE_MS = seconds(10);
/** After this much silence nothing of what the device does is under way. */
const QUIET_MS = seconds(1);
/** Sessions that began together are not renewed together: up to this part of their age earlier. */
const SPREAD = 0.1;
/** When a device never is quiet, its session is renewed this part of the age later. */
const OVERDUE = 0.1;

/** When a session is renewed (protocol section 1.10). */
export class RenewalTime {
  readonly #dueAt: number;
  readonly #overdueAt: number;
  #begun = false;

  /** @param startedAt monotonic ms, maybe before this process began @param publicKey spreads devices over time, always alike for the same one */
  constructor(startedAt: number, ageMs: number, publicKey: Uint8Array) {
    const fraction = (publicKey.at(-1) ?? 0) / 0x100;
    this.#dueAt = startedAt + ageMs * (1 - SPREAD * fraction);
    this.#overdueAt = startedAt + ageMs * (1 + OVERDUE);
  }

  /** True once: the renewal begins. @param quietMs since the device was heard @param idle whether nothing to it is outstanding */
  isTime(now: number, quietMs: number, idle: boolean): boolean {
    if (this.#begun || now < this.#dueAt || quietMs > AWAKE_MS) return false;
    this.#begun = (idle && quietMs >= QUIET_MS) || now >= this.#overdueAt;
    return this.#begun;
  }

  /** The device didn't hear of it. */
  failed(): void {
    this.#begun = false;
  }
}
