import { defineCommand } from '../../program/define-command.ts';
import { NEVER_ON_HARDWARE } from './never-on-hardware.ts';
import { portOption } from './port-option.ts';

export const inspect = defineCommand({
  name: 'serial inspect',
  summary: 'Print the firmware modules of a device on a serial port, and their checks',
  details: `A FAIL is mostly a dependency that is missing, such as a newer bootloader; the cloud corrects it when the device connects.\n\n${NEVER_ON_HARDWARE}`,
  options: { port: portOption },
  json: '`{ port, platform_id, platform, modules }`',
  rows: ['CLI-50'],
  desk: true,
  async run({ port }, context) {
    const { askDevice } = await import('../../services/serial/ask-device.ts');
    const { readModules } = await import('../../services/serial/read-device.ts');
    const { inspectData, inspectText } = await import('../../services/serial/inspect-text.ts');
    const { path, answer } = await askDevice(port, context, readModules);
    context.out.result({ port: path, ...inspectData(answer) }, inspectText(answer));
  },
});
