import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, listOption, numberOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { productArgument } from './parameters.ts';

export const productDeviceList = defineCommand({
  name: 'product device list',
  summary: 'List the devices of a product and of its quarantine, or show one',
  details:
    'One page, with the newest connections first; `--all` lists every page, by id, as they come. The state is `member`, `development`, `quarantined` or `denied`.',
  args: {
    product: productArgument,
    device: optionalArgument('Only this one, by id, name or serial number, with everything about it', {
      complete: 'device',
    }),
  },
  options: {
    group: listOption('--group <group>', 'in this group; may be repeated: in any of them'),
    groups: textOption('--groups <groups>', 'the same, separated by commas', { hidden: true }),
    name: textOption('--name <text>', 'whose name has this part'),
    search: textOption('--search <text>', 'whose id, name or serial number has this part'),
    online: flag('--online', 'only those that are online'),
    offline: flag('--offline', 'only those that are not'),
    quarantined: flag('--quarantined', 'only the quarantine'),
    development: flag('--development', 'only those that are marked for development'),
    page: numberOption('--page <number>', 'this page, from 1', { least: 1 }),
    perPage: numberOption('--per-page <number>', 'devices on a page (25)', { least: 1, most: 1000 }),
    limit: numberOption('--limit <number>', 'the same', { least: 1, most: 1000, hidden: true }),
    all: flag('--all', 'every page'),
  },
  examples: [
    { line: 'product device list 12345', says: 'devices in product 12345' },
    { line: 'product device list 12345 --group beta --all', says: 'every device of a group' },
    { line: 'product device list 12345 --quarantined', says: 'what waits for approval' },
  ],
  json: '`{ devices, total, total_pages, page }`; `page` is null with `--all`. With a device: `{ device }`',
  rows: ['CLI-80'],
  async run({ product, device, ...options }, { cloud, out }) {
    const text = await import('../../services/products/product-device-text.ts');
    if (device !== undefined) {
      const { findProductDevice } = await import('../../services/products/find-product-device.ts');
      const found = await findProductDevice(cloud, product, device);
      out.result({ device: found }, text.productDeviceDetails(found));
      return;
    }
    const { name, search, online, offline, quarantined, development, page, perPage, limit, all } = options;
    if (online && offline) throw usageError('--online and --offline exclude each other');
    const groups = [...options.group, ...(options.groups?.split(',') ?? [])];
    const { listProductDevices } = await import('../../services/products/list-product-devices.ts');
    const pages = listProductDevices(cloud, product, {
      filter: {
        ...(groups.length > 0 && { groups }),
        ...(name !== undefined && { deviceName: name }),
        ...(search !== undefined && { search }),
        ...((online || offline) && { online }),
        ...(quarantined && { quarantined }),
        ...(development && { development }),
      },
      page,
      perPage: perPage ?? limit,
      all,
    });
    const table = text.productDeviceTable();
    const collected = [];
    let last = { page: 1, pages: 0, total: 0 };
    for await (const one of pages) {
      last = one;
      if (out.json) collected.push(...one.devices);
      else if (one.devices.length > 0) out.item(undefined, table(one.devices));
    }
    const { total, pages: totalPages } = last;
    out.result({ devices: collected, total, total_pages: totalPages, page: all ? null : last.page }, []);
    if (total === 0) out.note('No devices');
    else if (!all)
      out.note(
        `Page ${last.page} of ${totalPages}; ${total} devices in all${totalPages > 1 ? ' (--all lists them)' : ''}`,
      );
  },
});
