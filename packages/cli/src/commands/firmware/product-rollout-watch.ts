import { defineCommand } from '../../program/define-command.ts';
import { argument, optionalArgument } from '../../program/parameters.ts';

export const productRolloutWatch = defineCommand({
  name: 'product rollout watch',
  summary: 'Print a rollout each time that it moves, until it is over',
  details: 'It ends with 0 when the rollout is complete, with 1 when it halts, is aborted or rolled back.',
  args: { product: argument('id or slug', { complete: 'product' }), id: optionalArgument('the newest when left out') },
  examples: [{ line: 'product rollout watch 12345', says: 'the newest' }],
  json: 'the rollout, as the API has it',
  stream: true,
  async run(input, context) {
    const { watchRollout } = await import('../../services/firmware/watch-rollout.ts');
    return watchRollout(input, context);
  },
});
