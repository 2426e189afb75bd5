import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, numberOption, textOption } from '../../program/parameters.ts';

export const serverProvision = defineCommand({
  name: 'server provision',
  summary: 'Make a device and its public key known to the cloud',
  details: 'Takes an operator. The same again changes what is given, and leaves the rest as it is.',
  args: {
    deviceId: argument('id of the device, 24 hex digits'),
    publicKeyFile: argument('its public key, PEM or DER', { complete: 'file' }),
  },
  options: {
    owner: textOption('--owner <email>', 'account that owns it from now on'),
    product: textOption('--product <product>', 'product that it joins', { complete: 'product' }),
    name: textOption('--name <name>', 'what it is called'),
    platform: numberOption('--platform <id>', 'number of its hardware, such as 12 for an Argon', { most: 65_535 }),
  },
  examples: [
    {
      line: 'server provision 0123456789abcdef01234567 device.pub.pem --owner ann@example.net',
      says: 'For an account',
    },
  ],
  json: 'the device',
  async run({ deviceId, publicKeyFile, owner, product, name, platform }, context) {
    const { provisionDevice } = await import('../../services/server/provision-device.ts');
    const wanted = { deviceId, file: publicKeyFile, owner, product, name, platformId: platform };
    const device = await provisionDevice(context, wanted);
    const where = `${owner === undefined ? '' : ` for ${owner}`}${product === undefined ? '' : ` in product ${product}`}`;
    context.out.result(device, printable(`The device ${device.id} is known${where}, and may connect with its key.`));
  },
});
