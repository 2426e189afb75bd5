import { defineCommand } from '../../program/define-command.ts';
import { flag } from '../../program/parameters.ts';
import { productArgument, productDevicesArgument } from './parameters.ts';

export const productDeviceRemove = defineCommand({
  name: 'product device remove',
  summary: 'Take devices out of a product, or out of its quarantine',
  details:
    'Groups, lock and development mark are gone; what a customer of the product owned belongs to nobody. A device whose firmware is for the product comes back as an unknown one when it connects, unless it is denied.',
  args: { product: productArgument, devices: productDevicesArgument },
  options: { deny: flag('--deny', 'it may not connect as this product any more') },
  examples: [{ line: 'product device remove 12345 0123456789abcdef01234567', says: 'asks first; --yes answers' }],
  json: '`{ removed, denied }`: ids, and whether they are denied',
  async run({ product, devices, deny }, { cloud, out, ask }) {
    const { removeProductDevices } = await import('../../services/products/remove-product-devices.ts');
    const removed = await removeProductDevices({ cloud, ask }, product, { devices, deny });
    const text = removed.map((id) => `${deny ? 'Removed and denied' : 'Removed'} device ${id} from product ${product}`);
    out.result({ removed, denied: deny }, text);
  },
});
