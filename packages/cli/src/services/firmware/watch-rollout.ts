import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { findRollout } from './find-rollout.ts';
import { type Rollout, rolloutLine } from './rollout-text.ts';

const EVERY_MS = 2000;
const FAILED: readonly Rollout['state'][] = ['halted', 'aborted', 'rolled_back'];

/** Prints a rollout each time that it moves, until it is over. @throws CliError of kind `failure` when it halts or is ended */
export async function watchRollout(
  { product, id }: { readonly product: string; readonly id: string | undefined },
  { cloud, out, interrupted, clock }: Pick<Context, 'cloud' | 'out' | 'interrupted' | 'clock'>,
): Promise<void> {
  let shown = '';
  let rollout = await findRollout(cloud, product, id);
  for (;;) {
    const line = rolloutLine(rollout);
    if (line !== shown) out.item(rollout, line);
    shown = line;
    if (rollout.state === 'completed') return;
    if (FAILED.includes(rollout.state)) {
      throw new CliError('failure', `The rollout is ${rollout.state.replace('_', ' ')}`, {
        next:
          rollout.state === 'halted'
            ? `See "chamber product rollout show ${product}"; resume it or roll it back.`
            : undefined,
      });
    }
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(keepAlive);
        timer.cancel();
        reject(new CliError('interrupted', 'Interrupted'));
      };
      const done = (): void => {
        clearTimeout(keepAlive);
        interrupted.removeEventListener('abort', stop);
        resolve();
      };
      // The clock's own timers do not keep the process alive.
      const keepAlive = setTimeout(() => {}, EVERY_MS * 2);
      const timer = clock.after(EVERY_MS, done);
      if (interrupted.aborted) stop();
      else interrupted.addEventListener('abort', stop, { once: true });
    });
    rollout = await findRollout(cloud, product, rollout.id);
  }
}
