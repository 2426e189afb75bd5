import { followEvents } from '../../cloud/follow-events.ts';
import type { Context } from '../../program/context.ts';
import type { Step } from './update-text.ts';

/** How the following of an update ended. `silent`: nothing has moved for so long. `replaced`: the cloud tells of another update by now. */
export type Ending =
  | { readonly kind: 'over'; readonly outcome: string; readonly message: string | null }
  | { readonly kind: 'silent'; readonly last: Step | undefined }
  | { readonly kind: 'replaced' };

interface Follow {
  /** Of the stream of its progress, from the slash on. */
  readonly path: string;
  readonly updateId: string;
  /** ms without a step until it counts as silent. */
  readonly silenceMs: number;
  onStep(step: Step): void;
}

interface Idle {
  readonly last: { readonly id: string; readonly outcome: string | null; readonly message: string | null } | null;
}

/**
 * Follows an update that has begun until it is over, also over breaks of the stream.
 * @throws CliError of kind `interrupted` at Ctrl-C, of the refusal's kind when the cloud refuses the stream
 */
export async function followUpdate(
  context: Pick<Context, 'cloud' | 'out' | 'interrupted' | 'clock'>,
  { path, updateId, silenceMs, onStep }: Follow,
): Promise<Ending> {
  const done = new AbortController();
  let ending: Ending = { kind: 'replaced' };
  let last: Step | undefined;
  const end = (found: Ending): void => {
    if (done.signal.aborted) return;
    ending = found;
    done.abort();
  };
  const listen = () => context.clock.after(silenceMs, () => end({ kind: 'silent', last }));
  let silence = listen();
  try {
    await followEvents(context, {
      path,
      until: done.signal,
      onFrame: ({ event, data }) => {
        if (event === 'idle') {
          const { last: known }: Idle = JSON.parse(data);
          const isIt = known?.id === updateId && known.outcome !== null;
          end(isIt ? { kind: 'over', outcome: known.outcome, message: known.message } : { kind: 'replaced' });
        }
        if (event !== 'progress') return;
        const step: Step = JSON.parse(data);
        if (step.id !== updateId) return end({ kind: 'replaced' });
        silence.cancel();
        silence = listen();
        last = step;
        onStep(step);
        if (step.outcome !== null) end({ kind: 'over', outcome: step.outcome, message: step.message });
      },
    });
  } finally {
    silence.cancel();
  }
  return ending;
}
