import { defineCommand } from '../../program/define-command.ts';
import { choiceOption, optionalArgument } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const newKeys = defineCommand({
  name: 'keys new',
  summary: 'Make a key pair for a device',
  details: `Writes \`<name>.der\`, the private key, which its owner alone may read, and \`<name>.pub.pem\`. With a name and \`--protocol\` no device is needed, else it is made for the one on USB. Nothing else has to be installed for it. ${NEVER_RUN}`,
  args: { name: optionalArgument("file name without ending; the device's id without it") },
  options: {
    protocol: choiceOption('--protocol <protocol>', 'udp: P-256, for most devices; tcp: RSA, for Photon and P1', [
      'udp',
      'tcp',
    ]),
  },
  examples: [
    { line: 'keys new', says: 'For the device on USB' },
    { line: 'keys new mykey --protocol udp', says: 'Without a device' },
  ],
  json: '`{ id, private_key, public_key }`: the device or null, and file names',
  rows: ['CLI-63', 'CLI-69'],
  desk: true,
  async run({ name, protocol }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { newKey } = await import('../../services/keys/device-key.ts');
    await newKey({ name, transport: protocol }, () => openUsb(context), context);
  },
});
