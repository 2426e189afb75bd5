import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { choiceOption, textOption } from '../../program/parameters.ts';
import { productArgument, unknownDevicesOption } from './parameters.ts';

export const productUpdate = defineCommand({
  name: 'product update',
  summary: 'Change name, description or settings of a product',
  args: { product: productArgument },
  options: {
    name: textOption('--name <name>', 'its new name; the slug stays'),
    description: textOption('--description <text>', 'what it is'),
    unknownDevices: unknownDevicesOption,
    locations: choiceOption('--locations <on|off>', 'whether the locations that its devices publish are kept', [
      'on',
      'off',
    ]),
  },
  examples: [{ line: 'product update greenhouse-v1 --unknown-devices refuse', says: 'only devices that you add' }],
  json: '`{ product }`',
  async run({ product: selector, name, description, unknownDevices, locations }, { cloud, out }) {
    const settings = {
      ...(unknownDevices !== undefined && { unknown_devices: unknownDevices }),
      ...(locations !== undefined && { location: { opt_in: locations === 'on' } }),
    };
    const body = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(Object.keys(settings).length > 0 && { settings }),
    };
    if (Object.keys(body).length === 0) throw usageError('Nothing to change: pass at least one of the options');
    const { inProduct } = await import('../../services/products/find-product.ts');
    const { productDetails } = await import('../../services/products/product-text.ts');
    const call = cloud.call('updateProduct', { params: { productIdOrSlug: selector }, body });
    const { product } = await inProduct(selector, call);
    out.result({ product }, productDetails(product, {}));
  },
});
