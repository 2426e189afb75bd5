import { ApiError } from '@cloudchamber/contract/client';
import { type Frame, openEventStream, type StreamOptions } from '@cloudchamber/contract/event-stream';
import { CliError } from '../failure/cli-error.ts';
import { failureOf } from '../failure/failure-of.ts';
import type { Context } from '../program/context.ts';
import { unreachable } from './unreachable.ts';

interface Follow {
  /** From the slash on, with its query. */
  readonly path: string;
  /** Begins behind the event with this id; now, when left out. */
  readonly after?: string | undefined;
  onFrame(frame: Frame): void;
  /** The stream is open, at first and after each break. */
  onOpen?(): void;
  /** Ends the stream without an error. */
  readonly until?: AbortSignal;
}

/**
 * Follows a stream of server-sent events until Ctrl-C or `until`. A stream that breaks is opened again behind the last id, so that no event is missed while the
 * cloud keeps it.
 * @param platform how it is fetched, and how waits between attempts go; the machine's own when left out
 * @throws CliError of kind `interrupted` at Ctrl-C; of the refusal's kind when the cloud refuses it for good, or cannot be reached at first
 */
export async function followEvents(
  { cloud, interrupted, out }: Pick<Context, 'cloud' | 'interrupted' | 'out'>,
  { path, after, onFrame, onOpen, until }: Follow,
  platform: Pick<StreamOptions, 'fetch' | 'wait'> = {},
): Promise<void> {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${cloud.token()}` };
  const { fetch: send = fetch, ...waits } = platform;
  let opened = false;
  await new Promise<void>((resolve, reject) => {
    const end = openEventStream({
      ...waits,
      after,
      onFrame: (frame) => {
        if (interrupted.aborted || until?.aborted) return;
        try {
          onFrame(frame);
        } catch (error) {
          // A frame that cannot be shown is no reason to ask for it again.
          settle(() => reject(failureOf(error)));
        }
      },
      address: (lastId) => {
        if (lastId === undefined) return cloud.url + path;
        return `${cloud.url}${path}${path.includes('?') ? '&' : '?'}last_event_id=${encodeURIComponent(lastId)}`;
      },
      fetch: (address, init) => send(address, { ...init, headers }),
      onComment: (text) => {
        if (text.startsWith('missed'))
          out.warn(`The cloud does not keep everything that came while the stream was broken: ${text}`);
      },
      onState: (state) => {
        out.verbose(`stream: ${state.kind}`);
        if (state.kind === 'live') {
          opened = true;
          onOpen?.();
        }
        if (state.kind === 'waiting' && opened) out.note('The stream broke; it is opened again ...');
        if (state.kind === 'waiting' && !opened) settle(() => reject(neverOpened(cloud.url, state.error)));
        if (state.kind === 'ended') settle(() => reject(failureOf(state.error)));
      },
    });
    const onInterrupt = () => settle(() => reject(new CliError('interrupted', 'Interrupted')));
    const onUntil = () => settle(resolve);
    const settle = (done: () => void): void => {
      end();
      interrupted.removeEventListener('abort', onInterrupt);
      until?.removeEventListener('abort', onUntil);
      done();
    };
    interrupted.addEventListener('abort', onInterrupt);
    until?.addEventListener('abort', onUntil);
    if (interrupted.aborted) onInterrupt();
    if (until?.aborted) onUntil();
  });
}

function neverOpened(url: string, error: Error | undefined): CliError {
  return error === undefined || error instanceof ApiError
    ? failureOf(error ?? new ApiError('The cloud ended the stream at once', { status: 502 }))
    : unreachable(url, error);
}
