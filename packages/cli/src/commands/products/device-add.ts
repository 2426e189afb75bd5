import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { restArguments, textOption } from '../../program/parameters.ts';
import { productArgument } from './parameters.ts';

export const productDeviceAdd = defineCommand({
  name: 'product device add',
  summary: 'Add devices to a product',
  details:
    'A device of the right hardware joins when nobody owns it, or when its owner is in the team or a customer of the product. Every other is told of and keeps none back; the exit code is 1 when none was added, unless all were in the product before.\n\nThe file has a single column: one device a line.',
  args: {
    product: productArgument,
    devices: restArguments('Ids, serial numbers, IMEIs or ICCIDs, or names of your own devices', {
      complete: 'device',
    }),
  },
  options: {
    file: textOption('--file <file>', 'a text file with one device a line; - reads standard input', {
      complete: 'file',
    }),
    claimFor: textOption('--claim-for <e-mail>', 'somebody in the team who becomes the owner of those that have none'),
  },
  examples: [
    { line: 'product device add 12345 0123456789abcdef01234567', says: 'one device into product 12345' },
    { line: 'product device add 12345 --file ./path/to/device_ids.txt', says: 'a list of devices' },
  ],
  json: '`{ added, existing, invalid, nonmember, protected }`, each a list of devices; `error.details` is the same when none was added',
  rows: ['CLI-79'],
  async run({ product, devices, file, claimFor }, { cloud, out, cwd, readStdin }) {
    if (devices.length > 0 === (file !== undefined)) {
      throw usageError('Name the devices that are to be added, or a list of them with --file');
    }
    const { addedLines, addProductDevices, nothingAdded, ownDeviceIds } = await import(
      '../../services/products/add-product-devices.ts'
    );
    const { idList, readIdList } = await import('../../services/products/read-id-list.ts');
    const listed = async (name: string) => {
      if (name === '-') return readIdList(Buffer.from(await readStdin()), 'Standard input');
      const [{ readFile }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
      return readIdList(await readFile(resolve(cwd, name)), name);
    };
    const { ids, repeated } = file === undefined ? idList(await ownDeviceIds(cloud, devices)) : await listed(file);
    if (repeated > 0) out.note(`${repeated} named more than once`);
    const result = await addProductDevices({ cloud, out }, product, { ids, claimFor });
    const failure = nothingAdded(result, product);
    if (failure === undefined || !out.json) out.result(result, addedLines(result));
    if (failure !== undefined) throw failure;
  },
});
