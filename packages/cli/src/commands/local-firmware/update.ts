import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument, textOption } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const update = defineCommand({
  name: 'update',
  summary: 'Install Device OS on the device on USB',
  details: `The newest that the cloud's operator has uploaded for its platform, or the one of \`--target\`, and what it needs: bootloader, radio stack, network processor. Only the operator of the cloud may read that library: for all others this ends with 4, and they flash the files themselves with "chamber flash --local <file>...". ${NEVER_RUN}`,
  args: { device: optionalArgument('id or name, when there are several', { complete: 'device' }) },
  options: { target: textOption('--target <version>', 'version of Device OS, such as 6.2.0') },
  examples: [
    { line: 'update', says: 'The newest' },
    { line: 'update --target 5.5.0', says: 'Another' },
  ],
  json: '`{ id, version, flashed }`: the module version, and `{ name, bytes }` of what was written',
  rows: ['CLI-61'],
  desk: true,
  async run(input, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { updateDevice } = await import('../../services/local-firmware/update-device.ts');
    await updateDevice(input, await openUsb(context), context);
  },
});
