import { defineCommand } from '../../program/define-command.ts';
import { devicesArguments, devicesOptions, NEVER_RUN } from './devices-arguments.ts';

export const reset = defineCommand({
  name: 'usb reset',
  summary: 'Restart devices',
  details: `From normal operating mode, safe mode or DFU mode. ${NEVER_RUN}`,
  args: devicesArguments,
  options: devicesOptions,
  examples: [
    { line: 'usb reset', says: 'The only device on USB' },
    { line: 'usb reset greenhouse-north', says: 'A device by its name in the cloud' },
    { line: 'usb reset --all', says: 'Every device on USB' },
  ],
  json: 'A list of `{ id, platform_id }` of the devices',
  rows: ['CLI-57', 'CLI-60'],
  desk: true,
  async run({ devices, all, product }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { changeMode } = await import('../../services/usb/change-mode.ts');
    await changeMode('reset', { words: devices, all, product }, await openUsb(context), context);
  },
});
