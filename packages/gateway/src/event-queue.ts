/** Events on their way to one device at a time: more would only fill its buffers and our retransmission list. */
const IN_FLIGHT = 8;
const WAITING = 128;

interface Waiting {
  readonly send: () => Promise<boolean>;
  readonly done: (delivered: boolean) => void;
}

/** Events to one device: a few in flight, a bounded number waiting, the rest refused. */
export class EventQueue {
  readonly #waiting: Waiting[] = [];
  #inFlight = 0;

  /** Resolves with what `send` resolved with, or false when the queue is full or was closed. */
  push(send: () => Promise<boolean>): Promise<boolean> {
    if (this.#waiting.length >= WAITING) return Promise.resolve(false);
    return new Promise((done) => {
      this.#waiting.push({ send, done });
      this.#next();
    });
  }

  close(): void {
    for (const { done } of this.#waiting.splice(0)) done(false);
  }

  #next(): void {
    if (this.#inFlight >= IN_FLIGHT) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#inFlight += 1;
    const finish = (delivered: boolean): void => {
      this.#inFlight -= 1;
      next.done(delivered);
      this.#next();
    };
    next.send().then(finish, () => finish(false));
  }
}
