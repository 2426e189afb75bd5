import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument } from '../../program/parameters.ts';
import { productOption } from './parameters.ts';

export const nyan = defineCommand({
  name: 'nyan',
  aliases: ['cloud nyan'],
  summary: 'Make a device shout rainbows with its LED',
  details: 'Without a device, or with `all`: every device that is online. Switches it on, unless `off` is said.',
  args: {
    device: optionalArgument('Id or name of the device, or all', { complete: 'device' }),
    onOff: optionalArgument('on or off'),
  },
  options: { product: productOption },
  examples: [
    { line: 'nyan', says: 'every device that is online' },
    { line: 'nyan my_device_id on', says: 'one device' },
    { line: 'nyan my_device_id off', says: 'no rainbow any more' },
    { line: 'nyan all on', says: 'every device that is online' },
  ],
  json: 'a list of `{ id, signaling }`',
  rows: ['CLI-70'],
  async run({ device, onOff, product }, { cloud, out }) {
    const { signalDevices, signalIn } = await import('../../services/devices/signal-devices.ts');
    const done = await signalDevices({ cloud, out }, signalIn(device, onOff), product);
    if (done.length === 0) out.note('No device is online. "chamber list" shows all.');
    out.result(
      done,
      done.map(({ id, signaling }) => `${id} ${signaling ? 'shouts rainbows' : 'is itself again'}`),
    );
  },
});
