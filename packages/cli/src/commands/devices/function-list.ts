import { defineCommand } from '../../program/define-command.ts';
import { optionalArgument } from '../../program/parameters.ts';
import { productOption } from './parameters.ts';

export const functionList = defineCommand({
  name: 'function list',
  summary: 'List the functions of a device, or of all',
  args: { device: optionalArgument('Id or name of the device; all when left out', { complete: 'device' }) },
  options: { product: productOption },
  examples: [{ line: 'function list greenhouse', says: 'the functions of a device' }],
  json: 'a list of `{ id, name, online, functions }`',
  async run(wanted, { cloud, out }) {
    const { showFunctions } = await import('../../services/devices/show-parts.ts');
    await showFunctions({ cloud, out }, wanted);
  },
});
