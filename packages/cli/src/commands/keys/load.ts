import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const load = defineCommand({
  name: 'keys load',
  summary: 'Write a private key into the device on USB',
  details: `The key that the device has is saved to a file before. The device is put into DFU mode and restarts afterwards, unless it was in DFU mode. The cloud must be told the public key: \`keys send\`. ${NEVER_RUN}`,
  args: { file: optionalArgument('key file; `<id>.der` without it', { complete: 'file' }) },
  examples: [
    { line: 'keys load', says: "A key that is named after the device's id" },
    { line: 'keys load mykey.der', says: 'Another' },
  ],
  json: '`{ id, file, backup }`; `backup` is null when the device had no key',
  rows: ['CLI-64'],
  desk: true,
  async run({ file }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { loadKey } = await import('../../services/keys/device-key.ts');
    await loadKey(file, await openUsb(context), context);
  },
});
