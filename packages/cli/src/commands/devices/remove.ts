import { defineCommand } from '../../program/define-command.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const remove = defineCommand({
  name: 'device remove',
  aliases: ['cloud remove'],
  summary: 'Remove a device from your account, so that somebody else can claim it',
  details:
    'It stays in its product, connected and with its key. Unclaiming a cellular device removes it from your account, but does not stop billing: pause or release its SIM as well. With `--product` the device is taken from whoever owns it, and stays in the product.',
  args: { device: deviceArgument },
  options: { product: productOption },
  examples: [
    { line: 'device remove 0123456789abcdef78901234', says: 'asks first' },
    { line: 'device remove greenhouse --yes', says: 'asks nothing' },
  ],
  json: '`{ id, ok }`',
  rows: ['CLI-10'],
  async run(removal, { cloud, ask, out }) {
    const { removeDevice } = await import('../../services/devices/remove-device.ts');
    const { id } = await removeDevice({ cloud, ask, out }, removal);
    out.result({ id, ok: true }, ['server said  { ok: true }', 'Okay!']);
  },
});
