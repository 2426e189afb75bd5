import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument } from '../../program/parameters.ts';
import { NEVER_ON_HARDWARE } from './never-on-hardware.ts';
import { portOption } from './port-option.ts';

export const identify = defineCommand({
  name: 'serial identify',
  aliases: ['identify'],
  summary: 'Print the id and the system firmware version of a device on a serial port',
  details: NEVER_ON_HARDWARE,
  args: { device: optionalArgument('a port as of --port, or a device id') },
  options: { port: portOption },
  examples: [
    { line: 'identify', says: 'the only device, or the one that is chosen' },
    { line: 'identify --port 1', says: 'the first of "chamber serial list"' },
    { line: 'identify 0123456789abcdef78901234', says: 'the device with this id' },
  ],
  json: '`{ port, device_id, firmware_version, imei, iccid }`; the last two are null where there is no modem',
  rows: ['CLI-42', 'CLI-46'],
  desk: true,
  async run({ device, port }, context) {
    if (device !== undefined && port !== undefined)
      throw usageError('Name the device once: as an argument, or with --port');
    const { askDevice } = await import('../../services/serial/ask-device.ts');
    const { readIdentity } = await import('../../services/serial/read-device.ts');
    const { identifyText } = await import('../../services/serial/identify-text.ts');
    const { path, answer } = await askDevice(device ?? port, context, readIdentity);
    const { deviceId, firmwareVersion, imei = null, iccid = null } = answer;
    const data = { port: path, device_id: deviceId, firmware_version: firmwareVersion, imei, iccid };
    context.out.result(data, identifyText(answer));
  },
});
