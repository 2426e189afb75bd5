import { defineCommand } from '../../program/define-command.ts';
import { productArgument } from './parameters.ts';

export const productShow = defineCommand({
  name: 'product show',
  summary: 'Show a product',
  args: { product: productArgument },
  json: '`{ product, role, devices }`: `role` is yours, null for a program; `devices` is their number, those in quarantine included',
  async run({ product: selector }, { cloud, out }) {
    const { findProduct } = await import('../../services/products/find-product.ts');
    const { productDetails } = await import('../../services/products/product-text.ts');
    const product = await findProduct(cloud, selector);
    const params = { productIdOrSlug: String(product.id) };
    const [{ role }, { meta }] = await Promise.all([
      cloud.call('getProductPermissions', { params }),
      cloud.call('listProductDevices', { params, query: { perPage: 1 } }),
    ]);
    const facts = { role, devices: meta.total };
    out.result({ product, ...facts }, productDetails(product, facts));
  },
});
