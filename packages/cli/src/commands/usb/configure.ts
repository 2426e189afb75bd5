import { defineCommand } from '../../program/define-command.ts';
import { NEVER_RUN } from './devices-arguments.ts';

export const configure = defineCommand({
  name: 'usb configure',
  summary: 'Allow yourself to use devices over USB, on Linux',
  details: `Writes udev rules, for which Linux wants the administrator: without those rights it shows what it would write, and the command for it. Other systems need nothing. ${NEVER_RUN}`,
  examples: [{ line: 'usb configure', says: 'Shows what to do, or does it' }],
  json: '`{ path, changed }`; `path` is null where nothing is needed',
  rows: ['CLI-59'],
  desk: true,
  async run(_input, context) {
    const { configureUsb } = await import('../../services/usb/configure-usb.ts');
    await configureUsb({ platform: process.platform }, context);
  },
});
