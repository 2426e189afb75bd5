import type { ServerResponse } from 'node:http';
import { type Clock, type DeviceId, seconds } from '@cloudchamber/kernel';
import type { Bus } from '../bus/index.ts';
import { tokensTopic } from '../domain/accounts/index.ts';
import { addressBlock } from '../domain/address-block.ts';
import { deviceChanges } from '../domain/devices/index.ts';
import { DomainError } from '../domain/domain-error.ts';
import { productChanges } from '../domain/products/index.ts';
import type { EventReader, RunningFeed } from '../domain/streams/index.ts';
import { teamChanges } from '../domain/teams/index.ts';
import { FrameCache } from './sse-frame.ts';
import { SseStream } from './sse-stream.ts';

export interface SseLimits {
  /** Clients give a stream up after 15 s of silence. */
  readonly heartbeatMs: number;
  /** Bytes that may wait for one reader. */
  readonly mostUnsentBytes: number;
  /** Streams that one token may hold open. */
  readonly mostPerToken: number;
  /** Streams that one address, or one /64 of IPv6, may hold open. */
  readonly mostPerAddress: number;
}

export const DEFAULT_SSE_LIMITS: SseLimits = {
  heartbeatMs: seconds(9),
  mostUnsentBytes: 1_048_576,
  mostPerToken: 100,
  mostPerAddress: 100,
};

interface StreamToken {
  readonly id: string;
  /** Wall time in ms, or null for never. */
  readonly expiresAt: number | null;
}

/** By what right a stream is open: it ends when that is gone. Asked when it has been opened, and when a team, a product or the device changes. */
export interface StreamRight {
  /** The account, API user or product whose token it is. */
  readonly subjectId: string;
  /** The product that it goes by; absent for a whole organization. */
  readonly productId?: number;
  /** The device that it shows, when it ends with the reach of that one. */
  readonly deviceId?: DeviceId;
  /** Rejects when the right is gone. */
  check(): Promise<unknown>;
}

/** The end of a stream that takes frames of any kind beside events. */
export interface FrameReader extends EventReader {
  /** @param frame whole, with its empty line */
  frame(frame: Buffer): void;
}

export interface StreamRequest {
  readonly out: ServerResponse;
  /** Headers that the server has set already, such as those of CORS. */
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  /** What the stream shows. */
  readonly feed: (reader: FrameReader) => RunningFeed;
  readonly token: StreamToken;
  /** The client's. */
  readonly address: string;
  /** Absent where nothing but the end of the token takes it away. */
  readonly right?: StreamRight;
}

/** Milliseconds that clients are asked to wait before they come back to a server that stops. */
const RETRY_MS = 2000;

/** All open event streams of this process: events of a turn are written together, once per stream, from one serialisation for all. */
export class SseStreams {
  readonly #clock: Clock;
  readonly #limits: SseLimits;
  readonly #byToken = new Map<string, Set<SseStream>>();
  /** How many are open, by block of addresses. */
  readonly #perAddress = new Map<string, number>();
  readonly #rights = new Map<SseStream, StreamRight>();
  readonly #cache = new FrameCache();
  readonly #unsubscribe: () => void;
  #toFlush: SseStream[] = [];

  constructor(bus: Bus, clock: Clock, limits: SseLimits = DEFAULT_SSE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
    const unsubscribe = [
      bus.subscribe(tokensTopic, ({ tokenIds }) => this.#revoke(tokenIds)),
      bus.subscribe(teamChanges, ({ memberId }) => this.#recheck((right) => right.subjectId === memberId)),
      bus.subscribe(productChanges, ({ productId }) => this.#recheck((right) => right.productId === productId)),
      bus.subscribe(deviceChanges, ({ deviceId, ownerId, productId }) => {
        if (ownerId !== undefined || productId !== undefined) this.#recheck((right) => right.deviceId === deviceId);
      }),
    ];
    this.#unsubscribe = () => {
      for (const end of unsubscribe) end();
    };
  }

  /** How many streams are open, for metrics. */
  get size(): number {
    let size = 0;
    for (const streams of this.#byToken.values()) size += streams.size;
    return size;
  }

  /**
   * Answers `out` with a stream of what the feed has.
   * @throws DomainError `too_many_requests` when the token or the address has as many streams as it may; nothing is sent then.
   */
  open({ out, headers, feed, token, address, right }: StreamRequest): void {
    // The client may have gone while its token was looked up; nothing would ever end such a stream.
    if (out.destroyed) return;
    const streams = this.#byToken.get(token.id) ?? new Set<SseStream>();
    if (streams.size >= this.#limits.mostPerToken) throw tooManyStreams('A token', this.#limits.mostPerToken);
    const release = this.#countAddress(address);
    this.#byToken.set(token.id, streams);
    let running: RunningFeed | undefined;
    const stream: SseStream = new SseStream(out, streamHeaders(headers), {
      ...this.#limits,
      clock: this.#clock,
      expiresAt: token.expiresAt,
      position: () => running?.position() ?? 0,
      ended: () => {
        running?.stop();
        release();
        this.#rights.delete(stream);
        streams.delete(stream);
        if (streams.size === 0 && this.#byToken.get(token.id) === streams) this.#byToken.delete(token.id);
      },
    });
    streams.add(stream);
    running = feed(this.#readerOf(stream));
    stream.tellPosition();
    if (right === undefined) return;
    this.#rights.set(stream, right);
    // Also for what changed while the stream was being opened.
    this.#check(stream, right);
  }

  /** Ends every stream, with a hint when to come back. */
  close(): void {
    this.#unsubscribe();
    this.#endAll([...this.#byToken.values()], `:closed: the server stops\nretry: ${RETRY_MS}\n\n`);
  }

  #readerOf(stream: SseStream): FrameReader {
    const push = (frame: Buffer, sequence: number): void => {
      if (!stream.hasFrames) this.#flushLater(stream);
      stream.push(frame, sequence);
    };
    return {
      get unsentBytes() {
        return stream.unsentBytes;
      },
      push: (event) => push(this.#cache.frame(event), event.sequence),
      frame: (frame) => push(frame, 0),
      room: () => stream.room(),
      comment: (text) => stream.comment(text),
      end: (reason) => stream.end(`:${reason}\n\n`),
    };
  }

  #flushLater(stream: SseStream): void {
    this.#toFlush.push(stream);
    if (this.#toFlush.length > 1) return;
    setImmediate(() => {
      const streams = this.#toFlush;
      this.#toFlush = [];
      for (const one of streams) one.flush();
    });
  }

  #revoke(tokenIds: readonly string[]): void {
    for (const id of tokenIds) this.#endAll([this.#byToken.get(id) ?? []], ':closed: the token was revoked\n\n');
  }

  /** @returns what counts the stream off again. */
  #countAddress(address: string): () => void {
    const block = addressBlock(address);
    const open = this.#perAddress.get(block) ?? 0;
    if (open >= this.#limits.mostPerAddress) throw tooManyStreams('An address', this.#limits.mostPerAddress);
    this.#perAddress.set(block, open + 1);
    return () => {
      const left = (this.#perAddress.get(block) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(block, left);
      else this.#perAddress.delete(block);
    };
  }

  #recheck(concerns: (right: StreamRight) => boolean): void {
    for (const [stream, right] of this.#rights) if (concerns(right)) this.#check(stream, right);
  }

  #check(stream: SseStream, right: StreamRight): void {
    right.check().catch(() => stream.end(':closed: these events may not be read any more\n\n'));
  }

  #endAll(groups: readonly Iterable<SseStream>[], farewell: string): void {
    for (const group of groups) for (const stream of [...group]) stream.end(farewell);
  }
}

function tooManyStreams(who: string, most: number): DomainError {
  const text = `${who} may have ${most} event streams open`;
  return new DomainError('limit_exceeded', 'too_many_requests', text, { retryAfterSeconds: 10 });
}

/** Section 1.2 of the event notes. */
function streamHeaders(headers: StreamRequest['headers']): Record<string, string | number | string[]> {
  const merged: Record<string, string | number | string[]> = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) merged[name] ??= value;
  return merged;
}
