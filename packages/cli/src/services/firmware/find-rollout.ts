import type { Cloud } from '../../cloud/cloud.ts';
import { CliError } from '../../failure/cli-error.ts';
import { inProduct } from '../products/find-product.ts';
import type { Rollout } from './rollout-text.ts';

/** A rollout of a product by its id, or the newest. @throws CliError of kind `not-found` when the product never had one */
export async function findRollout(cloud: Pick<Cloud, 'call'>, product: string, id?: string): Promise<Rollout> {
  const params = { productIdOrSlug: product };
  if (id !== undefined) {
    return (await inProduct(product, cloud.call('getRollout', { params: { ...params, rolloutId: id } }))).rollout;
  }
  const { rollouts } = await inProduct(product, cloud.call('listRollouts', { params, query: { limit: 1 } }));
  const [newest] = rollouts;
  if (newest !== undefined) return newest;
  throw new CliError('not-found', `There was no rollout in ${product} yet`, {
    next: `Begin one with "chamber product rollout create ${product} <version> --default".`,
  });
}
