import { defineCommand } from '../../program/define-command.ts';
import { choiceOption, numberOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const server = defineCommand({
  name: 'keys server',
  summary: 'Point the device on USB at a cloud',
  details: `Writes the cloud's public key and its address into the device, which stays in DFU mode. Without a file it is the key of the cloud that you use, and without \`--host\` the host of its address. A file that has no address in it, and no \`--host\`, leaves the device with its own default address. ${NEVER_RUN}`,
  args: { file: optionalArgument('public key of the cloud, DER or PEM', { complete: 'file' }) },
  options: {
    host: textOption('--host <host>', 'host name or IPv4 address; `$id` in a name stands for the id of the device'),
    port: numberOption('--port <port>', 'port that the cloud listens on for devices', { least: 1, most: 65_535 }),
    output: textOption('--output <file>', 'write a file instead of a device', { complete: 'file' }),
    protocol: choiceOption('--protocol <protocol>', 'of the devices that the file is for (udp)', ['udp', 'tcp']),
  },
  examples: [
    { line: 'keys server', says: 'The cloud that you use' },
    { line: 'keys server my_server.der --host 192.168.1.10 --port 9000', says: 'Another' },
    { line: 'keys server --host 192.168.1.10 --output server.der', says: 'A file, without a device' },
  ],
  json: '`{ id, address }`, or `{ file, address }` with `--output`',
  rows: ['CLI-67', 'CON-23', 'CON-24'],
  desk: true,
  async run({ protocol, ...options }, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { setServerKey } = await import('../../services/keys/server-key.ts');
    await setServerKey({ ...options, transport: protocol }, () => openUsb(context), context);
  },
});
