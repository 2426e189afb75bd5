import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';
import { confirm } from '../../prompts/confirm.ts';
import { productArgument } from './parameters.ts';

export const productTransfer = defineCommand({
  name: 'product transfer',
  summary: 'Give a product to an organization',
  details: 'Devices, claims, customers, team and tokens stay, and nothing disconnects. Only its owner may.',
  args: {
    product: productArgument,
    org: argument('Id or slug of the organization, in which you may make products', { complete: 'organization' }),
  },
  json: '`{ product }`',
  async run({ product: selector, org }, { cloud, out, ask }) {
    const { findProduct, inOrganization } = await import('../../services/products/find-product.ts');
    const { id, name } = await findProduct(cloud, selector);
    await confirm(ask, `Give "${printable(name)}" (product ${id}) to the organization ${org}?`);
    const params = { productIdOrSlug: String(id) };
    const { product } = await inOrganization(
      org,
      cloud.call('transferProduct', { params, body: { organization: org } }),
    );
    out.result({ product }, `Product ${id} belongs to ${printable(product.org ?? org)} now`);
  },
});
