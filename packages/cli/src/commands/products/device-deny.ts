import { defineCommand } from '../../program/define-command.ts';
import { productArgument, productDevicesArgument } from './parameters.ts';

export const productDeviceDeny = defineCommand({
  name: 'product device deny',
  summary: 'Keep devices from connecting as this product',
  details: 'A device in quarantine leaves it, a member leaves the product. `product device approve` takes it back.',
  args: { product: productArgument, devices: productDevicesArgument },
  json: '`{ removed, denied: true }`: ids',
  async run({ product, devices }, { cloud, out, ask }) {
    const { removeProductDevices } = await import('../../services/products/remove-product-devices.ts');
    const removed = await removeProductDevices({ cloud, ask }, product, { devices, deny: true });
    const text = removed.map((id) => `Device ${id} may not connect as product ${product} any more`);
    out.result({ removed, denied: true }, text);
  },
});
