import { defineCommand } from '../../program/define-command.ts';
import { restArguments } from '../../program/parameters.ts';
import { productArgument, productDeviceArgument } from './parameters.ts';

const json = '`{ id, groups }`: all groups that it is in then';
const place = { product: productArgument, device: productDeviceArgument };

export const productDeviceGroupAdd = defineCommand({
  name: 'product device group add',
  summary: 'Put a device into groups',
  details: 'Groups that do not exist are made.',
  args: { ...place, groups: restArguments('Names of groups', { least: 1 }) },
  examples: [{ line: 'product device group add 12345 greenhouse-north beta north', says: 'into two groups' }],
  json,
  async run({ product, device, groups: add }, { cloud, out }) {
    const { changeDeviceGroups, groupsLine } = await import('../../services/products/change-product-device.ts');
    const { id, groups } = await changeDeviceGroups(cloud, product, device, { add });
    out.result({ id, groups }, groupsLine(id, groups));
  },
});

export const productDeviceGroupRemove = defineCommand({
  name: 'product device group remove',
  summary: 'Take a device out of groups',
  args: { ...place, groups: restArguments('Names of groups', { least: 1 }) },
  json,
  async run({ product, device, groups: remove }, { cloud, out }) {
    const { changeDeviceGroups, groupsLine } = await import('../../services/products/change-product-device.ts');
    const { id, groups } = await changeDeviceGroups(cloud, product, device, { remove });
    out.result({ id, groups }, groupsLine(id, groups));
  },
});

export const productDeviceGroupSet = defineCommand({
  name: 'product device group set',
  summary: 'Put a device into these groups and no others',
  details: 'Without groups it is taken out of all. Groups that do not exist are made.',
  args: { ...place, groups: restArguments('Names of groups') },
  json,
  async run({ product, device, groups: all }, { cloud, out }) {
    const { changeProductDevice, groupsLine } = await import('../../services/products/change-product-device.ts');
    const { id, groups = all } = await changeProductDevice({ cloud, out }, product, device, { groups: [...all] });
    out.result({ id, groups }, groupsLine(id, groups));
  },
});
