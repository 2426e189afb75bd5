import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, restArguments } from '../../program/parameters.ts';
import { productArgument } from './parameters.ts';

export const productDeviceApprove = defineCommand({
  name: 'product device approve',
  summary: 'Let devices of the quarantine, or denied ones, into a product',
  args: {
    product: productArgument,
    devices: restArguments('Ids, names or serial numbers of devices', { complete: 'device' }),
  },
  options: { all: flag('--all', 'everything that is in quarantine now') },
  examples: [{ line: 'product device approve greenhouse-v1 0123456789abcdef01234567', says: 'one device' }],
  json: '`{ added, existing, invalid, nonmember, protected }`, each a list of devices; `error.details` is the same when none was added',
  async run({ product, devices, all }, { cloud, out }) {
    if (devices.length > 0 === all) throw usageError('Name the devices that are to be approved, or pass --all');
    const { addedLines, addProductDevices, nothingAdded } = await import(
      '../../services/products/add-product-devices.ts'
    );
    const ids: string[] = [];
    if (all) {
      const { listProductDevices } = await import('../../services/products/list-product-devices.ts');
      for await (const page of listProductDevices(cloud, product, { filter: { quarantined: true }, all })) {
        ids.push(...page.devices.filter(({ denied }) => !denied).map(({ id }) => id));
      }
      if (ids.length === 0) out.note('Nothing is in quarantine');
    } else {
      const { productDeviceId } = await import('../../services/products/find-product-device.ts');
      for (const device of devices) ids.push(await productDeviceId(cloud, product, device));
    }
    const result = await addProductDevices({ cloud, out }, product, { ids });
    const failure = nothingAdded(result, product);
    if (failure === undefined || !out.json) out.result(result, addedLines(result));
    if (failure !== undefined) throw failure;
  },
});
