import { defineCommand } from '../../program/define-command.ts';
import { numberOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { NEVER_RUN } from '../usb/devices-arguments.ts';

export const doctor = defineCommand({
  name: 'keys doctor',
  summary: 'Give the device on USB new keys, and tell the cloud',
  details: `A new key pair is made, its private key is written into the device and its public key sent to the cloud; then the device gets the key and the address of the cloud, and restarts. It asks before; the key that the device had is saved to a file. ${NEVER_RUN}`,
  args: { device: optionalArgument('id or name, when there are several', { complete: 'device' }) },
  options: {
    host: textOption('--host <host>', 'where devices reach the cloud, when its own address does not say'),
    port: numberOption('--port <port>', 'port that it listens on for devices', { least: 1, most: 65_535 }),
  },
  examples: [
    { line: 'keys doctor', says: 'The device on USB' },
    { line: 'keys doctor 0123456789abcdef78901234', says: 'One of several' },
  ],
  json: '`{ id, private_key, public_key, address }`',
  rows: ['CLI-62'],
  desk: true,
  async run(input, context) {
    const { openUsb } = await import('../../services/usb/open-usb.ts');
    const { keysDoctor } = await import('../../services/keys/doctor.ts');
    await keysDoctor(input, await openUsb(context), context);
  },
});
