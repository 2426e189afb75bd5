import { defineCommand } from '../../program/define-command.ts';
import { devicesArguments, devicesOptions, NEVER_RUN } from './devices-arguments.ts';

export const dfu = defineCommand({
  name: 'usb dfu',
  summary: 'Put devices into DFU mode',
  details: `From normal operating mode or safe mode. The device blinks yellow and stays there until it is reset. ${NEVER_RUN}`,
  args: devicesArguments,
  options: devicesOptions,
  examples: [
    { line: 'usb dfu', says: 'The only device on USB' },
    { line: 'usb dfu greenhouse-north', says: 'A device by its name in the cloud' },
    { line: 'usb dfu --all', says: 'Every device on USB' },
  ],
  json: 'A list of `{ id, platform_id }` of the devices',
  rows: ['CLI-56', 'CLI-60'],
  desk: true,
  async run({ devices, all, product }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { changeMode } = await import('../../services/usb/change-mode.ts');
    await changeMode('dfu', { words: devices, all, product }, await openUsb(context), context);
  },
});
