import { defineCommand } from '../../program/define-command.ts';
import { devicesArguments, devicesOptions, NEVER_RUN } from './devices-arguments.ts';

export const safeMode = defineCommand({
  name: 'usb safe-mode',
  summary: 'Restart devices in safe mode',
  details: `From normal operating mode, not from DFU mode. ${NEVER_RUN}`,
  args: devicesArguments,
  options: devicesOptions,
  examples: [
    { line: 'usb safe-mode', says: 'The only device on USB' },
    { line: 'usb safe-mode greenhouse-north', says: 'A device by its name in the cloud' },
    { line: 'usb safe-mode --all', says: 'Every device on USB' },
  ],
  json: 'A list of `{ id, platform_id }` of the devices',
  rows: ['CLI-55', 'CLI-60'],
  desk: true,
  async run({ devices, all, product }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { changeMode } = await import('../../services/usb/change-mode.ts');
    await changeMode('safe-mode', { words: devices, all, product }, await openUsb(context), context);
  },
});
