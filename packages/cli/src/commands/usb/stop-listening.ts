import { defineCommand } from '../../program/define-command.ts';
import { devicesArguments, devicesOptions, NEVER_RUN } from './devices-arguments.ts';

export const stopListening = defineCommand({
  name: 'usb stop-listening',
  summary: 'Have devices leave listening mode',
  details: `From listening mode (blinking dark blue). ${NEVER_RUN}`,
  args: devicesArguments,
  options: devicesOptions,
  examples: [
    { line: 'usb stop-listening', says: 'The only device on USB' },
    { line: 'usb stop-listening greenhouse-north', says: 'A device by its name in the cloud' },
    { line: 'usb stop-listening --all', says: 'Every device on USB' },
  ],
  json: 'A list of `{ id, platform_id }` of the devices',
  rows: ['CLI-54', 'CLI-60'],
  desk: true,
  async run({ devices, all, product }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { changeMode } = await import('../../services/usb/change-mode.ts');
    await changeMode('stop-listening', { words: devices, all, product }, await openUsb(context), context);
  },
});
