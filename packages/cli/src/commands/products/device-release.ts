import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { confirm } from '../../prompts/confirm.ts';
import { productArgument, productDeviceArgument } from './parameters.ts';

export const productDeviceRelease = defineCommand({
  name: 'product device release',
  summary: 'Take a device from its owner; it stays in the product',
  args: { product: productArgument, device: productDeviceArgument },
  json: '`{ id }`',
  async run({ product, device }, { cloud, out, ask }) {
    const { inProduct } = await import('../../services/products/find-product.ts');
    const { productDeviceId } = await import('../../services/products/find-product-device.ts');
    const id = await productDeviceId(cloud, product, device);
    await confirm(ask, `Take ${printable(device)} from its owner?`);
    const params = { productIdOrSlug: product, deviceId: id };
    await inProduct(product, cloud.call('releaseProductDevice', { params }));
    out.result({ id }, `${id} belongs to nobody now`);
  },
});
