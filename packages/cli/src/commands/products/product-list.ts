import { defineCommand } from '../../program/define-command.ts';
import { textOption } from '../../program/parameters.ts';

export const productList = defineCommand({
  name: 'product list',
  summary: 'List the products that you can see',
  options: {
    org: textOption('--org <organization>', 'only those of this organization', { complete: 'organization' }),
  },
  examples: [{ line: 'product list', says: 'your own products, and those whose team you are in' }],
  json: '`{ products }`: each as `GET /v1/products/:product` shows it',
  async run({ org }, { cloud, out }) {
    const { listProducts } = await import('../../services/products/list-products.ts');
    const { productLines } = await import('../../services/products/product-text.ts');
    const products = await listProducts(cloud, org);
    out.result({ products }, productLines(products));
  },
});
