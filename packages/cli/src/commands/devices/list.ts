import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument, textOption } from '../../program/parameters.ts';

export const list = defineCommand({
  name: 'list',
  aliases: ['cloud list', 'device list'],
  summary: 'List your devices with their functions and variables',
  details:
    'The device that connected last comes first. The filter is `online`, `offline`, the name of a platform such as `boron`, or the id or name of a device.',
  args: {
    filter: optionalArgument('online, offline, a platform, or the id or name of a device', { complete: 'device' }),
  },
  options: {
    product: textOption('--product <product>', 'the devices of this product: its number or slug', {
      complete: 'product',
    }),
  },
  examples: [
    { line: 'list', says: 'all devices of your account' },
    { line: 'list online --json', says: 'those that are online, for a program' },
    { line: 'list --product 12345', says: 'the devices of a product' },
  ],
  json: 'a list of devices, each as `GET /v1/devices` has it',
  rows: ['CLI-04'],
  async run(wanted, { cloud, out }) {
    out.note('Checking with the cloud...');
    out.note('Retrieving devices... (this might take a few seconds)');
    const { emptyText, listDevices } = await import('../../services/devices/list-devices.ts');
    const devices = await listDevices({ cloud }, wanted);
    if (out.json) {
      out.result(devices, []);
      return;
    }
    const { deviceLines } = await import('../../services/devices/device-text.ts');
    if (devices.length === 0) out.note(emptyText(wanted));
    out.result(devices, devices.flatMap(deviceLines));
  },
});
