import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument, textOption } from '../../program/parameters.ts';
import { unknownDevicesOption } from './parameters.ts';

export const productCreate = defineCommand({
  name: 'product create',
  summary: 'Make a product',
  details:
    'The cloud makes the slug from the name; it stays when the product is renamed. Id and platform stay for good.',
  args: { name: optionalArgument('Name of the product; asked for when it is left out') },
  options: {
    platform: textOption(
      '--platform <platform>',
      'the hardware of its devices, such as boron; asked for when left out',
    ),
    description: textOption('--description <text>', 'what it is'),
    org: textOption('--org <organization>', 'the organization that owns it, by id or slug', {
      complete: 'organization',
    }),
    unknownDevices: unknownDevicesOption,
  },
  examples: [{ line: 'product create Greenhouse --platform boron', says: 'a product of your own' }],
  json: '`{ product }`',
  async run({ name, platform, ...options }, { cloud, out, ask }) {
    const { createProduct } = await import('../../services/products/create-product.ts');
    const { platformChoices, platformId } = await import('../../services/products/platform-id.ts');
    const chosen = platform === undefined ? undefined : platformId(platform);
    const product = await createProduct(cloud, {
      ...options,
      name: name ?? (await ask.text('What is the product called?', '<name>')),
      platformId:
        chosen ?? platformId(await ask.select('Which hardware do its devices have?', '--platform', platformChoices())),
    });
    out.result({ product }, `Made product ${product.id} (${product.slug})`);
  },
});
