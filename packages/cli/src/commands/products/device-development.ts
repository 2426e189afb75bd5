import { defineCommand } from '../../program/define-command.ts';
import { optionalChoice } from '../../program/parameters.ts';
import { productArgument, productDeviceArgument } from './parameters.ts';

export const productDeviceDevelopment = defineCommand({
  name: 'product device development',
  summary: 'Mark a device for development, or as one of the fleet',
  details:
    'A device that is marked gets no firmware of its product by itself, so that what you flash to it stays. Without a word the mark is shown.',
  args: {
    product: productArgument,
    device: productDeviceArgument,
    mark: optionalChoice('Whether it is marked', ['on', 'off']),
  },
  examples: [{ line: 'product device development 12345 greenhouse-north on', says: 'what is flashed to it stays' }],
  json: '`{ id, development }`',
  async run({ product, device, mark }, { cloud, out }) {
    const show = (id: string, development: boolean): void =>
      out.result({ id, development }, `${id} is ${development ? '' : 'not '}marked for development`);
    if (mark === undefined) {
      const { findProductDevice } = await import('../../services/products/find-product-device.ts');
      const { id, development } = await findProductDevice(cloud, product, device);
      show(id, development);
      return;
    }
    const { changeProductDevice } = await import('../../services/products/change-product-device.ts');
    const body = { development: mark === 'on' };
    const { id, development = body.development } = await changeProductDevice({ cloud, out }, product, device, body);
    show(id, development);
  },
});
