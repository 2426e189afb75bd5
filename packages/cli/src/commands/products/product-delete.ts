import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { confirmTyped } from '../../prompts/confirm.ts';
import { productArgument } from './parameters.ts';

export const productDelete = defineCommand({
  name: 'product delete',
  aliases: ['product remove'],
  summary: 'Delete a product for good',
  details: 'Its devices leave it; its team, customers, clients and their tokens end. Only its owner may.',
  args: { product: productArgument },
  json: '`{ id, slug }`',
  async run({ product: selector }, { cloud, out, ask }) {
    const { findProduct } = await import('../../services/products/find-product.ts');
    const { id, slug, name } = await findProduct(cloud, selector);
    await confirmTyped(ask, `Type ${slug} to delete "${printable(name)}" (product ${id}) for good:`, slug);
    await cloud.call('removeProduct', { params: { productIdOrSlug: String(id) } });
    out.result({ id, slug }, `Deleted product ${id} (${slug})`);
  },
});
