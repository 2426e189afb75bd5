import { defineCommand } from '../../program/define-command.ts';
import { NEVER_ON_HARDWARE } from './never-on-hardware.ts';
import { portOption } from './port-option.ts';

export const mac = defineCommand({
  name: 'serial mac',
  summary: 'Print the MAC address of a device on a serial port',
  details: NEVER_ON_HARDWARE,
  options: { port: portOption },
  json: '`{ port, mac }`; `mac` is null where there is none',
  rows: ['CLI-51'],
  desk: true,
  async run({ port }, context) {
    const { askDevice } = await import('../../services/serial/ask-device.ts');
    const { readMac } = await import('../../services/serial/read-device.ts');
    const { path, answer } = await askDevice(port, context, readMac);
    const text =
      answer === undefined ? 'Your device does not have a MAC address' : `Your device MAC address is ${answer}`;
    context.out.result({ port: path, mac: answer ?? null }, text);
  },
});
