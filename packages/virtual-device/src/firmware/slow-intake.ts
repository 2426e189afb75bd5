import { seconds } from '@cloudchamber/kernel';

/** How long the intake saves up what nobody sent, in ms: senders try again after some seconds. */
const SAVED_MS = seconds(8);

/** Takes no more bytes than so many a second: what comes faster is lost, as on a link that is too narrow. */
export class SlowIntake {
  readonly #bytesPerSecond: number;
  #room = 0;
  #at: number;

  /** @param now monotonic ms, as below */
  constructor(bytesPerSecond: number, now: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#at = now;
  }

  /** Whether so many bytes are taken now. A single chunk is, after long enough a pause, whatever its size. */
  takes(bytes: number, now: number): boolean {
    const most = Math.max(bytes, (SAVED_MS / 1000) * this.#bytesPerSecond);
    this.#room = Math.min(most, this.#room + ((now - this.#at) / 1000) * this.#bytesPerSecond);
    this.#at = now;
    if (this.#room < bytes) return false;
    this.#room -= bytes;
    return true;
  }
}
