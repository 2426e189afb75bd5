import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';
import { inProduct } from '../../services/products/find-product.ts';

export const productRolloutList = defineCommand({
  name: 'product rollout list',
  summary: 'List the rollouts of a product, the newest first',
  args: { product: argument('id or slug', { complete: 'product' }) },
  examples: [{ line: 'product rollout list 12345', says: 'a line for each, with its id' }],
  json: 'a list of rollouts, as the API has them',
  async run({ product }, { cloud, out }) {
    const { rolloutLine } = await import('../../services/firmware/rollout-text.ts');
    const call = cloud.call('listRollouts', { params: { productIdOrSlug: product }, query: { limit: 100 } });
    const { rollouts } = await inProduct(product, call);
    const lines = rollouts.map((rollout) => `${rollout.id} ${rolloutLine(rollout)}`);
    out.result(rollouts, lines.length === 0 ? `There was no rollout in ${product} yet` : lines);
  },
});
