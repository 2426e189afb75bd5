/** What `ChunkWindow` needs of a transfer. */
export interface ChunkWindowOptions {
  /** Chunks to send, numbered from 1. */
  readonly chunks: number;
  /** Chunks that the device takes beyond those that it has without a gap. */
  readonly window: number;
  readonly send: (index: number) => void;
}

/** Chunks under way at the beginning, and at least. */
const FIRST_FLIGHT = 16;
const SMALLEST_FLIGHT = 8;
const FIRST_TIMEOUT_MS = 1500;
const SHORTEST_TIMEOUT_MS = 500;
const LONGEST_TIMEOUT_MS = 8000;
/** How long a device may hold an acknowledgement back (protocol section 9.1). */
const ACK_DELAY_MS = 200;
const BITS = 32;

/**
 * The sending side of firmware update v3 (protocol section 9.1): which chunk goes out when. Chunks that a bitmap shows as missing are sent again after a
 * round trip, those that nobody speaks of after a timeout that doubles while the device is silent. How many are under way grows with every acknowledgement and halves
 * with a loss. Neither clock nor socket: times are the caller's milliseconds.
 */
export class ChunkWindow {
  readonly #options: ChunkWindowOptions;
  readonly #acknowledged: Uint8Array;
  readonly #sentAt: Float64Array;
  readonly #sends: Uint16Array;
  /** Sent, and taken for lost: to be sent again, in order. */
  readonly #lost = new Set<number>();
  /** Every chunk up to here is acknowledged. */
  #received = 0;
  #acknowledgedCount = 0;
  #nextNew = 1;
  #underWay = 0;
  #flight = FIRST_FLIGHT;
  #threshold = Number.POSITIVE_INFINITY;
  #roundTripMs: number | undefined;
  #timeoutMs = FIRST_TIMEOUT_MS;
  #lossSeenAt = Number.NEGATIVE_INFINITY;
  #lastHeardAt: number;

  constructor(options: ChunkWindowOptions, now: number) {
    this.#options = options;
    this.#acknowledged = new Uint8Array(options.chunks + 1);
    this.#sentAt = new Float64Array(options.chunks + 1);
    this.#sends = new Uint16Array(options.chunks + 1);
    this.#lastHeardAt = now;
  }

  get done(): boolean {
    return this.#acknowledgedCount === this.#options.chunks;
  }

  /** Chunks that the device has without a gap: what it would go on from after a restart. */
  get received(): number {
    return this.#received;
  }

  /** When an acknowledgement came last, or when the window was made. */
  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  /** Sends the first chunks. */
  start(now: number): void {
    this.#fill(now);
  }

  /** An acknowledgement of the device; what it says of chunks that were never sent is not believed. */
  acknowledge(received: number, bitmap: Uint8Array, now: number): void {
    if (received >= this.#nextNew) return;
    this.#lastHeardAt = now;
    const before = this.#acknowledgedCount;
    let newest = 0;
    const note = (index: number): void => {
      if (!this.#settle(index)) return;
      if (this.#sends[index] === 1 && index > newest) newest = index;
    };
    for (let index = this.#received + 1; index <= received; index++) note(index);
    const last = this.#noteBitmap(received, bitmap, note);
    while (this.#acknowledged[this.#received + 1] === 1) this.#received += 1;
    if (newest > 0) this.#measure(now - (this.#sentAt[newest] as number));
    this.#grow(this.#acknowledgedCount - before);
    this.#findMissing(last, now);
    this.#fill(now);
  }

  /** Sends again what timed out. */
  tick(now: number): void {
    let isTimedOut = false;
    for (let index = this.#received + 1; index < this.#nextNew; index++) {
      if (this.#isUnderWay(index) && now - (this.#sentAt[index] as number) >= this.#timeoutMs) {
        this.#lose(index);
        isTimedOut = true;
      }
    }
    if (isTimedOut) {
      this.#shrink(now);
      this.#timeoutMs = Math.min(LONGEST_TIMEOUT_MS, this.#timeoutMs * 2);
    }
    this.#fill(now);
  }

  /** @returns the highest chunk that the bitmap names, or `received` */
  #noteBitmap(received: number, bitmap: Uint8Array, note: (index: number) => void): number {
    let last = received;
    const words = new DataView(bitmap.buffer, bitmap.byteOffset, bitmap.length);
    for (let word = 0; word * 4 + 4 <= bitmap.length; word++) {
      const bits = words.getUint32(word * 4, true);
      for (let bit = 0; bits !== 0 && bit < BITS; bit++) {
        const index = received + 1 + word * BITS + bit;
        if ((bits & (1 << bit)) === 0 || index >= this.#nextNew) continue;
        note(index);
        last = index;
      }
    }
    return last;
  }

  /** @returns whether that is news */
  #settle(index: number): boolean {
    if (this.#acknowledged[index] === 1) return false;
    this.#acknowledged[index] = 1;
    this.#acknowledgedCount += 1;
    if (!this.#lost.delete(index)) this.#underWay -= 1;
    return true;
  }

  /** A chunk below one that arrived is missing when it has had the time to arrive. */
  #findMissing(last: number, now: number): void {
    const patience = Math.max(1, this.#roundTripMs ?? this.#timeoutMs);
    for (let index = this.#received + 1; index < last; index++) {
      if (!this.#isUnderWay(index) || now - (this.#sentAt[index] as number) < patience) continue;
      this.#lose(index);
      this.#shrink(now);
    }
  }

  #isUnderWay(index: number): boolean {
    return this.#acknowledged[index] === 0 && !this.#lost.has(index);
  }

  #lose(index: number): void {
    this.#lost.add(index);
    this.#underWay -= 1;
  }

  #measure(roundTripMs: number): void {
    this.#roundTripMs = this.#roundTripMs === undefined ? roundTripMs : (this.#roundTripMs * 7 + roundTripMs) / 8;
    const timeoutMs = this.#roundTripMs * 2 + ACK_DELAY_MS;
    this.#timeoutMs = Math.min(LONGEST_TIMEOUT_MS, Math.max(SHORTEST_TIMEOUT_MS, timeoutMs));
  }

  #grow(acknowledged: number): void {
    const step = this.#flight < this.#threshold ? acknowledged : acknowledged / this.#flight;
    this.#flight = Math.min(this.#options.window, this.#flight + step);
  }

  /** Once for all losses of one round trip. */
  #shrink(now: number): void {
    if (now - this.#lossSeenAt < (this.#roundTripMs ?? this.#timeoutMs)) return;
    this.#lossSeenAt = now;
    this.#threshold = Math.max(SMALLEST_FLIGHT, this.#flight / 2);
    this.#flight = this.#threshold;
  }

  #fill(now: number): void {
    const { chunks, window } = this.#options;
    for (const index of this.#lost) {
      if (this.#underWay >= this.#flight) return;
      this.#lost.delete(index);
      this.#send(index, now);
    }
    while (this.#underWay < this.#flight && this.#nextNew <= chunks && this.#nextNew <= this.#received + window) {
      this.#nextNew += 1;
      this.#send(this.#nextNew - 1, now);
    }
  }

  #send(index: number, now: number): void {
    this.#underWay += 1;
    this.#sentAt[index] = now;
    this.#sends[index] = Math.min(0xffff, (this.#sends[index] as number) + 1);
    this.#options.send(index);
  }
}
