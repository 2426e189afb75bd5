import { defineCommand } from '../../program/define-command.ts';
import { flag } from '../../program/parameters.ts';
import { devicesArguments, devicesOptions, NEVER_RUN } from './devices-arguments.ts';

export const setupDone = defineCommand({
  name: 'usb setup-done',
  summary: 'Mark the setup of devices as done',
  details: `For Gen 3 devices with Device OS 3.x and earlier, which start in listening mode until then. With Device OS 4.0 and later there is no such flag, and this does nothing. ${NEVER_RUN}`,
  args: devicesArguments,
  options: { ...devicesOptions, reset: flag('--reset', 'clear the mark: the device starts in listening mode again') },
  examples: [
    { line: 'usb setup-done', says: 'The only device on USB' },
    { line: 'usb setup-done --reset --all', says: 'Clears the mark of all' },
  ],
  json: 'A list of `{ id, changed }`',
  rows: ['CLI-58'],
  desk: true,
  async run({ devices, all, product, reset }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { setSetupDone } = await import('../../services/usb/setup-done.ts');
    await setSetupDone(!reset, { words: devices, all, product }, await openUsb(context), context);
  },
});
