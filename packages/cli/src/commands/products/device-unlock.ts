import { defineCommand } from '../../program/define-command.ts';
import { productArgument, productDeviceArgument } from './parameters.ts';

export const productDeviceUnlock = defineCommand({
  name: 'product device unlock',
  summary: 'Let a device follow the releases of its product again',
  args: { product: productArgument, device: productDeviceArgument },
  json: '`{ id, desired_firmware_version, warning }`',
  async run({ product, device }, { cloud, out }) {
    const { changeProductDevice } = await import('../../services/products/change-product-device.ts');
    const body = { desired_firmware_version: null };
    const { id, desired_firmware_version, warning } = await changeProductDevice({ cloud, out }, product, device, body);
    out.result({ id, desired_firmware_version, warning }, `Unlocked ${id}`);
  },
});
