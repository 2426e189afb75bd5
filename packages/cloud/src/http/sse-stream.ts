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
  /** Called once the stream is over, for whatever reason. */
  readonly ended: () => void;
}

/** For the last bytes of a stream that ended; the connection is cut when its reader does not take them. */
const FAREWELL_MS = 5000;
const HEARTBEAT = '\n';

/**
 * One open event stream. Frames are collected and written together by `flush`. It ends when the client goes, when its time is over, when the reader is
 * too slow, or by `end`; what went before the end is still sent, with a comment that says why.
 */
export class SseStream {
  readonly #out: ServerResponse;
  readonly #options: SseStreamOptions;
  #frames: Buffer[] = [];
  #waitingBytes = 0;
  #writtenAt: number;
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

  /** Takes a frame that `flush` will send. */
  push(frame: Buffer): void {
    if (this.#over) return;
    this.#frames.push(frame);
    this.#waitingBytes += frame.length;
    if (this.#waitingBytes + this.#out.writableLength > this.#options.mostUnsentBytes) {
      this.#drop();
      this.end(':closed: too many events wait to be read\n\n');
    }
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
      this.#out.write(HEARTBEAT);
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
