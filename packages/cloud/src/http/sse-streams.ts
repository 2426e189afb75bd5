import type { ServerResponse } from 'node:http';
import { type Clock, seconds } from '@cloudchamber/kernel';
import type { Bus } from '../bus/index.ts';
import { tokensTopic } from '../domain/accounts/index.ts';
import { DomainError } from '../domain/domain-error.ts';
import type { LiveHub, StreamFilter } from '../domain/events/index.ts';
import { FrameCache } from './sse-frame.ts';
import { SseStream } from './sse-stream.ts';

export interface SseLimits {
  /** Clients give a stream up after 15 s of silence. */
  readonly heartbeatMs: number;
  /** Bytes that may wait for one reader. */
  readonly mostUnsentBytes: number;
  /** Streams that one token may hold open. By token, because many people may share an address behind a proxy. */
  readonly mostPerToken: number;
}

export const DEFAULT_SSE_LIMITS: SseLimits = { heartbeatMs: seconds(9), mostUnsentBytes: 1_048_576, mostPerToken: 100 };

interface StreamToken {
  readonly id: string;
  /** Wall time in ms, or null for never. */
  readonly expiresAt: number | null;
}

export interface StreamRequest {
  readonly out: ServerResponse;
  /** Headers that the server has set already, such as those of CORS. */
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  readonly filter: StreamFilter;
  readonly token: StreamToken;
}

/** Milliseconds that clients are asked to wait before they come back to a server that stops. */
const RETRY_MS = 2000;

/** All open event streams of this process: events of a turn are written together, once per stream, from one serialisation for all. */
export class SseStreams {
  readonly #hub: LiveHub;
  readonly #clock: Clock;
  readonly #limits: SseLimits;
  readonly #byToken = new Map<string, Set<SseStream>>();
  readonly #cache = new FrameCache();
  readonly #unsubscribe: () => void;
  #toFlush: SseStream[] = [];

  constructor(hub: LiveHub, bus: Bus, clock: Clock, limits: SseLimits = DEFAULT_SSE_LIMITS) {
    this.#hub = hub;
    this.#clock = clock;
    this.#limits = limits;
    this.#unsubscribe = bus.subscribe(tokensTopic, ({ tokenIds }) => this.#revoke(tokenIds));
  }

  /** How many streams are open, for metrics. */
  get size(): number {
    let size = 0;
    for (const streams of this.#byToken.values()) size += streams.size;
    return size;
  }

  /**
   * Answers `out` with a stream of the events that pass the filter.
   * @throws DomainError `too_many_requests` when the token has as many streams as it may; nothing is sent then.
   */
  open({ out, headers, filter, token }: StreamRequest): void {
    // The client may have gone while its token was looked up; nothing would ever end such a stream.
    if (out.destroyed) return;
    const streams = this.#byToken.get(token.id) ?? new Set<SseStream>();
    if (streams.size >= this.#limits.mostPerToken) throw tooManyStreams(this.#limits.mostPerToken);
    this.#byToken.set(token.id, streams);
    let unlisten: (() => void) | undefined;
    const stream: SseStream = new SseStream(out, streamHeaders(headers), {
      ...this.#limits,
      clock: this.#clock,
      expiresAt: token.expiresAt,
      ended: () => {
        unlisten?.();
        streams.delete(stream);
        if (streams.size === 0 && this.#byToken.get(token.id) === streams) this.#byToken.delete(token.id);
      },
    });
    streams.add(stream);
    unlisten = this.#hub.listen(filter, (event) => {
      if (!stream.hasFrames) this.#flushLater(stream);
      stream.push(this.#cache.frame(event));
    });
  }

  /** Ends every stream, with a hint when to come back. */
  close(): void {
    this.#unsubscribe();
    this.#endAll([...this.#byToken.values()], `:closed: the server stops\nretry: ${RETRY_MS}\n\n`);
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

  #endAll(groups: readonly Iterable<SseStream>[], farewell: string): void {
    for (const group of groups) for (const stream of [...group]) stream.end(farewell);
  }
}

function tooManyStreams(most: number): DomainError {
  const text = `A token may have ${most} event streams open`;
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
