import { defineCommand } from '../../program/define-command.ts';
import { choiceOption, numberOption, textOption } from '../../program/parameters.ts';

export const serverKeysSave = defineCommand({
  name: 'server keys save',
  aliases: ['server keys'],
  summary: 'Make the file that points a device at this cloud',
  details:
    "The file holds the cloud's public key and its address, and is written to a device with `chamber keys server FILE`. `$id` in a host name stands for the device's own id.",
  options: {
    host: textOption('--host <host>', 'what the device is to connect to: an IPv4 address or a name'),
    port: numberOption('--port <port>', 'its port (the one that the cloud listens on)', { least: 1, most: 65_535 }),
    algorithm: choiceOption('--algorithm <kind>', 'ecc for devices over UDP, rsa for devices over TCP', ['ecc', 'rsa']),
    out: textOption('--out <file>', 'where it goes (server-ecc.der or server-rsa.der)', { complete: 'file' }),
  },
  examples: [
    { line: 'server keys --host 192.0.2.10', says: 'For devices in your own network' },
    { line: "server keys --host '$id.udp.example.net' --port 5684", says: 'A name of its own for each device' },
  ],
  json: '`{ file, bytes, algorithm, fingerprint, address }`',
  rows: ['CLI-67', 'CON-23', 'CON-24'],
  async run({ host, port, algorithm = 'ecc', out: file }, context) {
    const { isOnlyThisMachine, saveServerKey, serverAddressUrl } = await import(
      '../../services/server/server-key-file.ts'
    );
    const saved = await saveServerKey(context, { host, port, algorithm, out: file });
    const address = serverAddressUrl(saved.address, algorithm);
    context.out.result({ ...saved, address }, `${saved.file}: key and address ${address}, ${saved.bytes} bytes`);
    if (isOnlyThisMachine(saved.address.host)) {
      context.out.warn('That address is this machine only: --host says what devices are to connect to.');
    }
  },
});
