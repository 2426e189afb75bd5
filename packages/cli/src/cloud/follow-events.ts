import { type Frame, openEventStream } from '@cloudchamber/contract/event-stream';
import { CliError } from '../failure/cli-error.ts';
import { failureOf } from '../failure/failure-of.ts';
import type { Context } from '../program/context.ts';

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
 * @throws CliError of kind `interrupted` at Ctrl-C; of the refusal's kind when the cloud refuses it for good
 */
export async function followEvents(
  { cloud, interrupted, out }: Pick<Context, 'cloud' | 'interrupted' | 'out'>,
  { path, after, onFrame, onOpen, until }: Follow,
): Promise<void> {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${cloud.token()}` };
  await new Promise<void>((resolve, reject) => {
    const end = openEventStream({
      after,
      onFrame,
      address: (lastId) => {
        if (lastId === undefined) return cloud.url + path;
        return `${cloud.url}${path}${path.includes('?') ? '&' : '?'}last_event_id=${encodeURIComponent(lastId)}`;
      },
      fetch: (address, init) => fetch(address, { ...init, headers }),
      onComment: (text) => {
        if (text.startsWith('missed'))
          out.warn(`The cloud does not keep everything that came while the stream was broken: ${text}`);
      },
      onState: (state) => {
        out.verbose(`stream: ${state.kind}`);
        if (state.kind === 'live') onOpen?.();
        if (state.kind === 'waiting') out.note('The stream broke; it is opened again ...');
        if (state.kind === 'ended') reject(failureOf(state.error));
      },
    });
    const stop = (settle: () => void) => () => {
      end();
      settle();
    };
    const broken = stop(() => reject(new CliError('interrupted', 'Interrupted')));
    if (interrupted.aborted) broken();
    interrupted.addEventListener('abort', broken, { once: true });
    until?.addEventListener('abort', stop(resolve), { once: true });
  });
}
