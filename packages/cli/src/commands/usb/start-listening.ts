import { defineCommand } from '../../program/define-command.ts';
import { devicesArguments, devicesOptions, NEVER_RUN } from './devices-arguments.ts';

export const startListening = defineCommand({
  name: 'usb start-listening',
  aliases: ['usb listen'],
  summary: 'Put devices into listening mode',
  details: `From normal operating mode or safe mode. It needs Device OS 0.9.0 (Gen 3 and later) or 1.0.0 (Gen 2). ${NEVER_RUN}`,
  args: devicesArguments,
  options: devicesOptions,
  examples: [
    { line: 'usb start-listening', says: 'The only device on USB' },
    { line: 'usb start-listening greenhouse-north', says: 'A device by its name in the cloud' },
    { line: 'usb start-listening --all', says: 'Every device on USB' },
  ],
  json: 'A list of `{ id, platform_id }` of the devices',
  rows: ['CLI-53', 'CLI-60'],
  desk: true,
  async run({ devices, all, product }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { changeMode } = await import('../../services/usb/change-mode.ts');
    await changeMode('start-listening', { words: devices, all, product }, await openUsb(context), context);
  },
});
