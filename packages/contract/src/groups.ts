import { z } from 'zod';
import { defineRoute } from './define-route.ts';

const tag = 'groups';

const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const groupParams = productParams.extend({ groupName: z.string().describe('Name of the group.') });

const fields = {
  name: z.string().describe('1 to 64 lower-case letters, digits, - and _.'),
  description: z.string().describe('At most 1000 characters.'),
  color: z.string().describe('`#rrggbb`'),
};

/** Section 3 of the product notes. */
const group = z
  .object({
    ...fields,
    fw_version: z.int().nullable().describe('The firmware that is released to it; null for none.'),
    device_count: z.int(),
  })
  .meta({ id: 'Group' });

const example = { name: 'north', description: 'Greenhouses in the north', color: '#34495e', fw_version: null };
const notFound = 'There is no such group in the product.';

const listGroups = defineRoute({
  operation: 'listGroups',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/groups',
  summary: 'The groups of a product, by name',
  access: 'product',
  scope: 'groups:list',
  params: productParams,
  query: z.object({ name: z.string().optional().describe('Part of the name, in any case.') }),
  responses: { 200: z.object({ groups: z.array(group) }) },
  example: { response: { groups: [{ ...example, device_count: 12 }] } },
});

const createGroup = defineRoute({
  operation: 'createGroup',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/groups',
  summary: 'Make a group',
  access: 'product',
  scope: 'groups:create',
  params: productParams,
  body: z.object({
    name: fields.name,
    description: fields.description.optional(),
    color: fields.color.optional(),
  }),
  responses: { 201: z.object({ group }) },
  errors: {
    400: 'The name, description or color is not a valid one.',
    409: 'The product has a group of that name already, or 500 groups.',
  },
  example: {
    body: { name: 'north', description: 'Greenhouses in the north', color: '#34495e' },
    response: { group: { ...example, device_count: 0 } },
  },
});

const getGroup = defineRoute({
  operation: 'getGroup',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/groups/:groupName',
  summary: 'One group',
  access: 'product',
  scope: 'groups:get',
  params: groupParams,
  responses: { 200: z.object({ group }) },
  errors: { 404: notFound },
  example: { response: { group: { ...example, device_count: 12 } } },
});

const updateGroup = defineRoute({
  operation: 'updateGroup',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/groups/:groupName',
  summary: 'Rename, describe or color a group',
  description: 'At least one field. Devices stay in a group that is renamed, and firmware stays released to it.',
  access: 'product',
  scope: 'groups:update',
  params: groupParams,
  body: z.object({
    name: fields.name.optional(),
    description: fields.description.optional(),
    color: fields.color.optional(),
  }),
  responses: { 200: z.object({ group }) },
  errors: {
    400: 'No field was sent, or one is not valid.',
    404: notFound,
    409: 'The product has a group of the new name already, or a rollout that has not ended is for this group.',
  },
  example: {
    body: { name: 'northern' },
    response: { group: { ...example, name: 'northern', device_count: 12 } },
  },
});

const deleteGroup = defineRoute({
  operation: 'deleteGroup',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/groups/:groupName',
  summary: 'Delete a group; its devices stay in the product',
  description:
    'What was released to it is released to it no more: its devices get what their other groups or the default have.',
  access: 'product',
  scope: 'groups:remove',
  params: groupParams,
  responses: { 204: z.undefined() },
  errors: { 404: notFound, 409: 'A rollout that has not ended is for this group.' },
});

export const groupRoutes = { listGroups, createGroup, getGroup, updateGroup, deleteGroup };
