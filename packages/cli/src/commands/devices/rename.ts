import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const rename = defineCommand({
  name: 'device rename',
  aliases: ['cloud name'],
  summary: 'Give a device another name',
  args: { device: deviceArgument, name: argument('Its new name, 1 to 200 characters') },
  options: { product: productOption },
  examples: [{ line: 'device rename 0123456789abcdef78901234 "pirate frosting"', says: 'a name with a blank' }],
  json: '`{ id, name, updated_at }`',
  rows: ['CLI-09'],
  async run({ device, name, product }, { cloud, out }) {
    const { changeDevice } = await import('../../services/devices/change-device.ts');
    out.note(`Renaming device ${printable(device)}`);
    const reply = await changeDevice({ cloud }, { device, product }, { name });
    out.result(reply, `Successfully renamed device ${reply.id} to: ${printable(reply.name ?? name)}`);
  },
});
