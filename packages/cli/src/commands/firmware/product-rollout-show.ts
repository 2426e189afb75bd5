import { defineCommand } from '../../program/define-command.ts';
import { argument, optionalArgument } from '../../program/parameters.ts';

export const productRolloutShow = defineCommand({
  name: 'product rollout show',
  summary: 'Show a rollout with its steps',
  args: { product: argument('id or slug', { complete: 'product' }), id: optionalArgument('the newest when left out') },
  examples: [{ line: 'product rollout show 12345', says: 'the newest' }],
  json: 'the rollout, as the API has it',
  async run({ product, id }, { cloud, out }) {
    const [{ rolloutText }, { findRollout }] = await Promise.all([
      import('../../services/firmware/rollout-text.ts'),
      import('../../services/firmware/find-rollout.ts'),
    ]);
    const rollout = await findRollout(cloud, product, id);
    out.result(rollout, rolloutText(rollout));
  },
});
