import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, wholeNumber } from '../../program/parameters.ts';
import { productArgument, productDeviceArgument } from './parameters.ts';

export const productDeviceLock = defineCommand({
  name: 'product device lock',
  summary: 'Lock a device to a firmware version of its product',
  details:
    'The version goes before every release, and is sent at the next handshake of the device, or at once with `--flash`. It must have been uploaded to the product.',
  args: {
    product: productArgument,
    device: productDeviceArgument,
    version: argument('Firmware version of the product'),
  },
  options: { flash: flag('--flash', 'send it at once, or as soon as the device is online') },
  examples: [{ line: 'product device lock 12345 greenhouse-north 7 --flash', says: 'bring version 7 now' }],
  json: '`{ id, desired_firmware_version, warning }`',
  async run({ product, device, version: word, flash }, { cloud, out }) {
    const version = wholeNumber(word, '<version>', { most: 65535 });
    const { changeProductDevice } = await import('../../services/products/change-product-device.ts');
    const body = { desired_firmware_version: version, ...(flash && { flash }) };
    const { id, desired_firmware_version, warning } = await changeProductDevice({ cloud, out }, product, device, body);
    const when = flash ? 'it is sent now, or as soon as the device is online' : 'it is sent at the next handshake';
    out.result({ id, desired_firmware_version, warning }, `Locked ${id} to version ${version}: ${when}`);
  },
});
