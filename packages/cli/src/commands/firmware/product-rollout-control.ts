import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { type Command, defineCommand } from '../../program/define-command.ts';
import { argument, flag, optionalArgument, textOption } from '../../program/parameters.ts';

const args = {
  product: argument('id or slug', { complete: 'product' }),
  id: optionalArgument('the newest when left out'),
} as const;

interface Control {
  readonly product: string;
  readonly id: string | undefined;
  readonly body: {
    readonly action: 'pause' | 'resume' | 'abort' | 'rollback';
    readonly to?: 'release' | number;
    readonly immediate?: boolean;
  };
  /** Is asked first. */
  readonly question?: (version: number) => string;
}

async function control({ product, id, body, question }: Control, { cloud, out, ask }: Context): Promise<void> {
  const [{ rolloutLine }, { findRollout }] = await Promise.all([
    import('../../services/firmware/rollout-text.ts'),
    import('../../services/firmware/find-rollout.ts'),
  ]);
  const { id: rolloutId, version } = await findRollout(cloud, product, id);
  if (question !== undefined && !(await ask.confirm(question(version)))) {
    throw new CliError('failure', 'The rollout goes on as it was');
  }
  const reply = await cloud.call('controlRollout', { params: { productIdOrSlug: product, rolloutId }, body });
  const takenBack = reply.taken_back === undefined ? [] : [printable(reply.taken_back.text)];
  out.result(reply, [`Rollout of ${rolloutLine(reply.rollout)}`, ...takenBack]);
}

const productRolloutPause = defineCommand({
  name: 'product rollout pause',
  summary: 'Offer a rollout to nobody new until it is resumed',
  args,
  examples: [{ line: 'product rollout pause 12345', says: 'transfers under way end' }],
  json: '`{ rollout }`',
  run: (input, context) => control({ ...input, body: { action: 'pause' } }, context),
});

const productRolloutResume = defineCommand({
  name: 'product rollout resume',
  summary: 'Go on with a rollout that was paused or has halted',
  args,
  examples: [{ line: 'product rollout resume 12345', says: 'after a halt failures are counted anew' }],
  json: '`{ rollout }`',
  run: (input, context) => control({ ...input, body: { action: 'resume' } }, context),
});

const productRolloutAbort = defineCommand({
  name: 'product rollout abort',
  aliases: ['product rollout halt'],
  summary: 'End a rollout; devices that run its version stay on it',
  args,
  examples: [{ line: 'product rollout abort 12345', says: 'asks first' }],
  json: '`{ rollout }`',
  run: (input, context) => {
    const question = (version: number) => `End the rollout of version ${version}?`;
    return control({ ...input, body: { action: 'abort' }, question }, context);
  },
});

const productRolloutRollback = defineCommand({
  name: 'product rollout rollback',
  summary: 'End a rollout, and bring its devices back',
  args,
  options: {
    to: textOption('--to <version>', 'a version that is then released; what is released otherwise, when left out'),
    now: flag('--now', 'devices that are online get it at once, not at their next handshake'),
  },
  examples: [{ line: 'product rollout rollback 12345 --now', says: 'asks first' }],
  json: '`{ rollout, taken_back }`',
  run: ({ to = 'release', now, ...input }, context) => {
    if (to !== 'release' && !/^\d{1,5}$/.test(to)) throw usageError(`--to is a version, or release, not "${to}"`);
    const body = { action: 'rollback', to: to === 'release' ? to : Number(to), immediate: now } as const;
    const question = (version: number) => `Roll version ${version} back on all devices that run it?`;
    return control({ ...input, body, question }, context);
  },
});

/** What steers a rollout that is under way. */
export const rolloutControls: readonly Command[] = [
  productRolloutPause,
  productRolloutResume,
  productRolloutAbort,
  productRolloutRollback,
];
