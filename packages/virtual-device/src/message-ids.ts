import { seconds } from '@cloudchamber/kernel';

const SEGMENT = 4096;
/** The server remembers an id for 45 s after it arrived, and the last repeat of a message leaves up to 42 s after the first (protocol sections 3.1 and 3.2). */
const REST_MS = seconds(90);

/**
 * The ids of a device's messages, one after the other. An id that the server still remembers is never given out: the server would take the message for a
 * repeat and acknowledge what it has not read.
 */
export class MessageIds {
  #next: number;
  readonly #lastUsed = new Map<number, number>();

  constructor(next: number) {
    this.#next = next;
  }

  /** The id that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Goes on from that id: where the handshake decides on it (protocol section 2.1). */
  restartAt(next: number): void {
    this.#next = next;
  }

  /** An id for a message sent at `now` (monotonic ms), or undefined when the device has sent 61,000 messages in the last 90 s. */
  take(now: number): number | undefined {
    const id = this.#next;
    const segment = Math.floor(id / SEGMENT);
    const lastUsed = this.#lastUsed.get(segment);
    if (id % SEGMENT === 0 && lastUsed !== undefined && now - lastUsed < REST_MS) return undefined;
    this.#lastUsed.set(segment, now);
    this.#next = (id + 1) & 0xffff;
    return id;
  }
}
