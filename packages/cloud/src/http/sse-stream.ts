import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '@cloudchamber/kernel';

export interface SseStreamOptions {
  readonly clock: Clock;
  /** Something is sent at least this often. */
  readonly heartbeatMs: number;
  /** Bytes that may wait for the reader. */
  readonly mostUnsentBytes: number;
  /** Wall time in ms at which the stream ends, or null for never. */
  readonly expiresAt: number | null;
  /** The sequence up to which the reader has been shown everything, as far as that is known; 0 otherwise. */
  readonly position: () => number;
  /** Called once the stream is over, for whatever reason. */
  readonly ended: () => void;
}

/** For the last bytes of a stream that ended; the connection is cut when its reader does not take them. */
const FAREWELL_MS = 5000;
const HEARTBEAT = '\n';

/**
 * One open event stream. Frames are collected and written together by `flush`. It ends when the client goes, when its time is over, when the reader is
 * too slow, or by `end`; what went before the end is still sent, with a comment that says why. It is a comment and no frame, because published clients
 * take every frame with data for an event, and one named `error` for a failure of their own.
 */
export class SseStream {
  readonly #out: ServerResponse;
  readonly #options: SseStreamOptions;
  #frames: Buffer[] = [];
  #waitingBytes = 0;
  #writtenAt: number;
  /** What the reader would go on from. */
  #lastId = 0;
  #timer: Timer | undefined;
  #over = false;

  /** @param out with its head not sent yet. */
  constructor(
    out: ServerResponse,
    headers: Readonly<Record<string, string | number | string[]>>,
    options: SseStreamOptions,
  ) {
    this.#out = out;
    this.#options = options;
    out.socket?.setTimeout(0);
    out.writeHead(200, headers);
    out.on('close', () => this.#closed());
    out.on('error', () => out.destroy());
    out.write(':ok\n\n');
    this.#writtenAt = options.clock.monotonic();
    this.#sleep();
  }

  get hasFrames(): boolean {
    return this.#frames.length > 0;
  }

  get unsentBytes(): number {
    return this.#waitingBytes + this.#out.writableLength;
  }

  /** Resolves when the reader has taken most of what waits, or the stream is over. */
  async room(): Promise<void> {
    this.flush();
    if (this.#over || !this.#out.writableNeedDrain) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#out.once('drain', resolve).once('close', resolve);
    await promise;
    this.#out.off('drain', resolve).off('close', resolve);
  }

  /** Tells the reader where it is when that is news, so that it can go on from there although it has seen no event. @returns whether it was told */
  tellPosition(): boolean {
    this.flush();
    const position = this.#options.position();
    if (this.#over || position <= this.#lastId) return false;
    this.#lastId = position;
    this.#out.write(`id: ${position}\n\n`);
    return true;
  }

  /** Takes a frame that `flush` will send. @param sequence of its event; 0 for what is none */
  push(frame: Buffer, sequence: number): void {
    if (this.#over) return;
    this.#lastId = sequence;
    this.#frames.push(frame);
    this.#waitingBytes += frame.length;
    if (this.unsentBytes > this.#options.mostUnsentBytes) {
      this.#drop();
      this.end(':closed: too many events wait to be read\n\n');
    }
  }

  /** Sends a comment, behind what was pushed. @param text one line */
  comment(text: string): void {
    this.flush();
    if (!this.#over) this.#out.write(`:${text}\n\n`);
  }

  /** Writes what was pushed, in one go. */
  flush(): void {
    if (this.#over || this.#frames.length === 0) return;
    const [only] = this.#frames;
    const bytes = this.#frames.length === 1 && only !== undefined ? only : Buffer.concat(this.#frames);
    this.#drop();
    this.#out.write(bytes);
    this.#writtenAt = this.#options.clock.monotonic();
  }

  /** @param farewell lines to send last: a comment that says why, perhaps a `retry:`. */
  end(farewell: string): void {
    if (this.#over) return;
    this.flush();
    this.#stop();
    this.#out.end(farewell);
    this.#timer = this.#options.clock.after(FAREWELL_MS, () => this.#out.destroy());
  }

  #drop(): void {
    this.#frames = [];
    this.#waitingBytes = 0;
  }

  #sleep(): void {
    const { clock, heartbeatMs, expiresAt } = this.#options;
    const untilHeartbeat = heartbeatMs - (clock.monotonic() - this.#writtenAt);
    const untilExpiry = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - clock.now();
    this.#timer = clock.after(Math.max(0, Math.min(untilHeartbeat, untilExpiry)), () => this.#wake());
  }

  #wake(): void {
    const { clock, heartbeatMs, expiresAt } = this.#options;
    if (expiresAt !== null && clock.now() >= expiresAt) {
      this.end(':closed: the token has expired\n\n');
      return;
    }
    if (clock.monotonic() - this.#writtenAt >= heartbeatMs) {
      if (!this.tellPosition()) this.#out.write(HEARTBEAT);
      this.#writtenAt = clock.monotonic();
    }
    this.#sleep();
  }

  #stop(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#drop();
    this.#options.ended();
  }

  #closed(): void {
    if (this.#over) this.#timer?.cancel();
    else this.#stop();
  }
}
