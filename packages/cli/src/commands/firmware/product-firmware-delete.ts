import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';
import { inProduct } from '../../services/products/find-product.ts';

export const productFirmwareDelete = defineCommand({
  name: 'product firmware delete',
  summary: 'Delete a version that was never released',
  args: { product: argument('id or slug', { complete: 'product' }), version: argument('a version of its firmware') },
  examples: [{ line: 'product firmware delete 12345 7', says: 'asks first' }],
  json: '`{ version }`',
  async run({ product, version }, { cloud, out, ask }) {
    if (!(await ask.confirm(`Delete version ${version} of the firmware of ${product}?`))) {
      throw new CliError('failure', 'Nothing was deleted');
    }
    await inProduct(product, cloud.call('deleteProductFirmware', { params: { productIdOrSlug: product, version } }));
    out.result({ version: Number(version) }, `Deleted version ${version}`);
  },
});
