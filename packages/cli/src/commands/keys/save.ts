import { defineCommand } from '../../program/define-command.ts';
import { flag, optionalArgument } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const save = defineCommand({
  name: 'keys save',
  summary: 'Save the private key of the device on USB',
  details: `Into \`<name>.der\`, and its public half into \`<name>.pub.pem\`. The device is put into DFU mode and restarts afterwards, unless it was in DFU mode. ${NEVER_RUN}`,
  args: { file: optionalArgument('file; `<id>.der` without it', { complete: 'file' }) },
  options: { force: flag('--force', 'overwrite files') },
  examples: [{ line: 'keys save backup.der', says: 'A backup' }],
  json: '`{ id, private_key, public_key }`: file names',
  rows: ['CLI-65'],
  desk: true,
  async run(input, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { saveKey } = await import('../../services/keys/device-key.ts');
    await saveKey(input, await openUsb(context), context);
  },
});
