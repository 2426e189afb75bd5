import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument } from '../../program/parameters.ts';
import { productOption } from './parameters.ts';

export const variableList = defineCommand({
  name: 'variable list',
  summary: 'List the variables of a device, or of all',
  args: { device: optionalArgument('Id or name of the device; all when left out', { complete: 'device' }) },
  options: { product: productOption },
  examples: [{ line: 'variable list greenhouse', says: 'the variables of a device' }],
  json: 'a list of `{ id, name, online, variables }`',
  async run(wanted, { cloud, out }) {
    const { showVariables } = await import('../../services/devices/show-parts.ts');
    await showVariables({ cloud, out }, wanted);
  },
});
