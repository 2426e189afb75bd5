import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument, textOption } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const send = defineCommand({
  name: 'keys send',
  summary: "Tell the cloud a device's public key",
  details: `With an id and a file no device on USB is needed. The file may hold the private key: its public half is sent and nothing else. ${NEVER_RUN}`,
  args: {
    device: optionalArgument('id or name; the device on USB without it', { complete: 'device' }),
    file: optionalArgument('key file; `<id>.pub.pem` or `<id>.der` without it', { complete: 'file' }),
  },
  options: {
    product: textOption('--product <product>', 'product that a new device belongs to', {
      complete: 'product',
    }),
  },
  examples: [
    { line: 'keys send', says: 'For the device on USB' },
    { line: 'keys send 0123456789abcdef78901234 device.der', says: 'For any other' },
  ],
  json: '`{ id, algorithm }`',
  rows: ['CLI-66'],
  desk: true,
  async run(input, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { sendKey } = await import('../../services/keys/send-key.ts');
    await sendKey(input, () => openUsb(context), context);
  },
});
