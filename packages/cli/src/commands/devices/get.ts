import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument } from '../../program/parameters.ts';
import { productOption } from './parameters.ts';

export const get = defineCommand({
  name: 'get',
  aliases: ['variable get'],
  summary: 'Read a variable from a device and print its value',
  details:
    'Without a variable: which variables there are, of the device or of all. The device `all` reads the variable from each device that has it, and prints the id before each value.',
  args: {
    device: optionalArgument('Id or name of the device, or all', { complete: 'device' }),
    variable: optionalArgument('Name of the variable'),
  },
  options: { product: productOption },
  examples: [
    { line: 'get 0123456789abcdef78901234 temperature', says: 'the value of a variable' },
    { line: 'get 0123456789abcdef01234567 temperature --product 12345', says: 'of a device of a product' },
    { line: 'get greenhouse', says: 'the variables of a device' },
    { line: 'get all temperature', says: 'of every device that has it' },
  ],
  json: 'the value as `{ name, result, coreInfo }`; with `all` a list of `{ id, name, value }`; without a variable a list of `{ id, name, online, variables }`',
  rows: ['CLI-07'],
  async run({ device, variable, product }, { cloud, out }) {
    const { valueLines } = await import('../../services/devices/device-text.ts');
    if (device === undefined || variable === undefined) {
      const { showVariables } = await import('../../services/devices/show-parts.ts');
      await showVariables({ cloud, out }, { device: device === 'all' ? undefined : device, product });
      return;
    }
    if (device === 'all') {
      const { readEverywhere } = await import('../../services/devices/read-everywhere.ts');
      const values = await readEverywhere({ cloud, out }, { variable, product });
      const lines = values.flatMap(({ id, value }) => {
        const [first = '', ...others] = valueLines(value);
        return [`${id}, ${first}`, ...others];
      });
      out.result(values, lines);
      return;
    }
    const { readVariable } = await import('../../services/devices/read-variable.ts');
    const reply = await readVariable({ cloud }, { device, variable, product });
    out.result(reply, valueLines(reply.result));
  },
});
