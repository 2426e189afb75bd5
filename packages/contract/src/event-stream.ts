import { createParser } from 'eventsource-parser';
import { ApiError } from './client.ts';

/** One frame of server-sent events. */
export interface Frame {
  /** The name of the event; undefined when the stream gave none. */
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * How a stream is doing. `waiting`: it broke, and is opened again at `retryAt` (wall time, ms), behind what was seen last; `error` is why, undefined when the
 * cloud just ended it. `ended`: the cloud refused it for good, such as after a log-out.
 */
export type StreamState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'waiting'; readonly retryAt: number; readonly error: Error | undefined }
  | { readonly kind: 'ended'; readonly error: Error };

export interface StreamOptions {
  /** @param lastId the id of the last event that was seen, or undefined at first @returns where the stream is */
  address(lastId: string | undefined): string;
  onFrame(frame: Frame): void;
  /** Everything up to this id was shown. Told after the frames that it stands behind, and for events that this stream doesn't show. */
  onPosition?(id: string): void;
  /** The stream begins behind this event; now, when left out. */
  readonly after?: string | undefined;
  /** A comment of the cloud, such as `missed: …` when events between are not kept any more. */
  onComment?(text: string): void;
  onState?(state: StreamState): void;
  readonly fetch?: typeof fetch;
  /** Wall time in ms, and a wait that the signal ends early. */
  readonly now?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The cloud says something every nine seconds; a stream that is silent for longer than this is broken. */
const SILENCE_MS = 20_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** Statuses that another try would get again. */
const FINAL: readonly number[] = [400, 401, 403, 404, 405, 410];

/**
 * Reads a stream of server-sent events and opens it again behind the last id whenever it breaks, so that no event is lost while the log keeps it
 * (WHATWG HTML, "Server-sent events").
 * @returns what ends it
 */
export function openEventStream(options: StreamOptions): () => void {
  const end = new AbortController();
  void run(options, end.signal);
  return () => end.abort();
}

async function run(options: StreamOptions, ended: AbortSignal): Promise<void> {
  const { onState = () => {}, now = Date.now, wait = waitFor } = options;
  const seen: { lastId: string | undefined } = { lastId: options.after };
  for (let failures = 0; !ended.aborted; failures += 1) {
    onState({ kind: 'connecting' });
    let retryAfterMs = 0;
    let broke: Error | undefined;
    try {
      await readOnce(options, seen, ended, () => {
        failures = -1;
        onState({ kind: 'live' });
      });
    } catch (error) {
      if (ended.aborted) return;
      if (error instanceof ApiError && FINAL.includes(error.status)) {
        onState({ kind: 'ended', error });
        return;
      }
      if (error instanceof ApiError) retryAfterMs = (error.retryAfterSeconds ?? 0) * 1000;
      broke = error instanceof Error ? error : new Error(String(error));
    }
    if (ended.aborted) return;
    const ms = Math.max(retryAfterMs, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures)));
    onState({ kind: 'waiting', retryAt: now() + ms, error: broke });
    await wait(ms, ended);
  }
}

async function readOnce(
  options: StreamOptions,
  seen: { lastId: string | undefined },
  ended: AbortSignal,
  opened: () => void,
): Promise<void> {
  const broken = new AbortController();
  const signal = AbortSignal.any([ended, broken.signal]);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => broken.abort(), SILENCE_MS);
  };
  try {
    heard();
    const { fetch: send = fetch } = options;
    const reply = await send(options.address(seen.lastId), { headers: { accept: 'text/event-stream' }, signal });
    if (!reply.ok || reply.body === null) throw await refusalOf(reply);
    opened();
    const parser = createParser({
      onEvent: ({ event, data, id }) => options.onFrame({ event, data, id }),
      onComment: (text) => options.onComment?.(text.trim()),
    });
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    const positions = positionReader((id) => {
      seen.lastId = id;
      options.onPosition?.(id);
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      parser.feed(value);
      positions(value);
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Notes every `id:` line, those without an event too: they tell that everything up to there was shown. */
function positionReader(note: (id: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    // A frame is whole at its empty line: an id whose event may still be cut off does not count yet.
    let last: string | undefined;
    for (const [at, line] of lines.entries()) {
      if (line.startsWith('id: ') && at + 1 < lines.length) last = line.slice(4).trim();
    }
    const dangling = lines.at(-1);
    if (dangling?.startsWith('id: ')) rest = `${dangling}\n${rest}`;
    if (last !== undefined && last !== '') note(last);
  };
}

async function refusalOf(reply: Response): Promise<ApiError> {
  const text = await reply.text();
  const requestId = reply.headers.get('x-request-id') ?? undefined;
  let message = `The stream was refused with ${reply.status}`;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error_description' in body) {
      message = String(body.error_description);
    }
  } catch {
    // Not JSON: the status says enough.
  }
  const retryAfter = Number(reply.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(message, {
    status: reply.status,
    ...(requestId !== undefined && { requestId }),
    ...(Number.isFinite(retryAfter) && { retryAfterSeconds: retryAfter }),
  });
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
