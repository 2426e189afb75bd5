import { usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, textOption } from '../../program/parameters.ts';
import { confirm } from '../../prompts/confirm.ts';
import { productArgument } from './parameters.ts';

const find = () => import('../../services/products/find-product.ts');
const group = argument('Name of the group');
const description = textOption('--description <text>', 'what it is for');
const color = textOption('--color <#rrggbb>', 'its color in the console');

export const productGroupList = defineCommand({
  name: 'product group list',
  summary: 'List the groups of a product',
  args: { product: productArgument },
  options: { name: textOption('--name <text>', 'whose name has this part') },
  json: '`{ groups }`: `fw_version` is the firmware that is released to it, null for none',
  async run({ product, name }, { cloud, out }) {
    const { inProduct } = await find();
    const { groupLines } = await import('../../services/products/group-lines.ts');
    const input = { params: { productIdOrSlug: product }, query: name === undefined ? {} : { name } };
    const { groups } = await inProduct(product, cloud.call('listGroups', input));
    out.result({ groups }, groupLines(groups));
  },
});

export const productGroupCreate = defineCommand({
  name: 'product group create',
  summary: 'Make a group',
  details: 'Names have 1 to 64 lower-case letters, digits, `-` and `_`.',
  args: { product: productArgument, name: group },
  options: { description, color },
  examples: [
    { line: 'product group create 12345 beta --description "Early firmware"', says: 'a group without devices' },
  ],
  json: '`{ group }`',
  async run({ product, name, description, color }, { cloud, out }) {
    const { inProduct } = await find();
    const body = { name, ...(description !== undefined && { description }), ...(color !== undefined && { color }) };
    const call = cloud.call('createGroup', { params: { productIdOrSlug: product }, body });
    const { group } = await inProduct(product, call);
    out.result({ group }, `Made group ${printable(group.name)}`);
  },
});

export const productGroupRename = defineCommand({
  name: 'product group rename',
  summary: 'Give a group another name',
  details: 'Its devices stay in it, and firmware stays released to it.',
  args: { product: productArgument, group, name: argument('Its new name') },
  json: '`{ group }`',
  async run({ product, group: groupName, name }, { cloud, out }) {
    const { inProduct } = await find();
    const call = cloud.call('updateGroup', { params: { productIdOrSlug: product, groupName }, body: { name } });
    const { group } = await inProduct(product, call);
    out.result({ group }, `Group ${printable(groupName)} is called ${printable(group.name)} now`);
  },
});

export const productGroupUpdate = defineCommand({
  name: 'product group update',
  summary: 'Describe or color a group',
  args: { product: productArgument, group },
  options: { description, color },
  json: '`{ group }`',
  async run({ product, group: groupName, description, color }, { cloud, out }) {
    const body = { ...(description !== undefined && { description }), ...(color !== undefined && { color }) };
    if (Object.keys(body).length === 0) throw usageError('Nothing to change: pass --description or --color');
    const { inProduct } = await find();
    const call = cloud.call('updateGroup', { params: { productIdOrSlug: product, groupName }, body });
    const { group } = await inProduct(product, call);
    out.result({ group }, `Changed group ${printable(group.name)}`);
  },
});

export const productGroupDelete = defineCommand({
  name: 'product group delete',
  aliases: ['product group remove'],
  summary: 'Delete a group; its devices stay in the product',
  details: 'Its devices get what their other groups or the default of the product have.',
  args: { product: productArgument, group },
  json: '`{ name }`',
  async run({ product, group: groupName }, { cloud, out, ask }) {
    const { inProduct } = await find();
    const params = { productIdOrSlug: product, groupName };
    const { group } = await inProduct(product, cloud.call('getGroup', { params }));
    const { name, device_count: count } = group;
    await confirm(
      ask,
      `Delete the group ${printable(name)}, which ${count} ${count === 1 ? 'device is' : 'devices are'} in?`,
    );
    await cloud.call('deleteGroup', { params });
    out.result({ name }, `Deleted group ${printable(name)}`);
  },
});
