import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { eventIdField, groupNameField } from './events.ts';
import { timestampField } from './fields.ts';

const tag = 'event groups';

const groupName = { groupName: groupNameField.describe('Name of the consumer group.') };
const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const organizationParams = z.object({ orgIdOrSlug: z.string().describe('Id or slug of the organization.') });

/** Readers that share a stream. Ids are those of events. */
const eventGroup = z
  .object({
    name: z.string(),
    prefix: z.string().describe('What the names of its events begin with; empty for all.'),
    device_id: z.string().nullable().describe('The only device whose events it reads; null for all.'),
    cursor: z.string().describe('Everything up to this id has been acknowledged.'),
    lag: z
      .int()
      .describe(
        'Events that wait to be acknowledged: all that were given out, and up to 1,000 of those that were not.',
      ),
    unacknowledged: z.int().describe('Those of them that were given out to a reader.'),
    readers: z.int().describe('Streams that are open now.'),
    created_at: timestampField,
  })
  .meta({ id: 'EventGroup' });

const example = {
  name: 'billing',
  prefix: 'meter/',
  device_id: null,
  cursor: '4710',
  lag: 3,
  unacknowledged: 2,
  readers: 2,
  created_at: '2026-02-03T08:15:22.118Z',
};
const notFound = { 404: 'There is no such group here.' };

const listing = {
  tag,
  method: 'GET',
  responses: { 200: z.object({ groups: z.array(eventGroup) }) },
  example: { response: { groups: [example] } },
} as const;

const getting = {
  tag,
  method: 'GET',
  responses: { 200: z.object({ group: eventGroup }) },
  errors: notFound,
  example: { response: { group: example } },
} as const;

const acknowledging = {
  tag,
  method: 'POST',
  audited: false,
  description:
    'For readers that opened their stream with `ack=explicit`. Durable when it is answered. Events that were acknowledged before, or never given out, are not counted and do no harm.',
  body: z
    .object({
      id: eventIdField.optional(),
      ids: z.array(eventIdField).min(1).max(1000).optional().describe('Up to 1,000 ids.'),
    })
    .refine(({ id, ids }) => (id === undefined) !== (ids === undefined), 'needs either id or ids'),
  responses: {
    200: z.object({ ok: z.literal(true), acknowledged: z.int().describe('How many were waiting for it.') }),
  },
  errors: { ...notFound, 400: 'There is no id, there are more than 1,000, or one is not an id.' },
  example: { body: { ids: ['4711', '4713'] }, response: { ok: true, acknowledged: 2 } },
} as const;

const resetting = {
  tag,
  method: 'PUT',
  description: 'The group goes on behind this event, back or forth; what was given out before counts as acknowledged.',
  body: z.object({ cursor: eventIdField.describe('The id of an event; 0 for all that is kept.') }),
  responses: { 200: z.object({ group: eventGroup }) },
  errors: { ...notFound, 400: 'No event has had that id.' },
  example: { body: { cursor: '4710' }, response: { group: { ...example, lag: 3, unacknowledged: 0 } } },
} as const;

const deleting = {
  tag,
  method: 'DELETE',
  description: 'Its streams end.',
  responses: { 204: z.undefined() },
  errors: notFound,
} as const;

const own = { access: 'owner' } as const;
const ofProduct = { access: 'product', scope: 'events:get' } as const;
const ofOrganization = { access: 'organization', scope: 'events:get' } as const;
const one = z.object(groupName);
const oneOfProduct = productParams.extend(groupName);
const oneOfOrganization = organizationParams.extend(groupName);

const OWN = '/v1/event-groups';
const OF_PRODUCT = '/v1/products/:productIdOrSlug/event-groups';
const OF_ORGANIZATION = '/v1/orgs/:orgIdOrSlug/event-groups';

/** Consumer groups begin with the first stream that names them; these routes look after them. */
export const eventGroupRoutes = {
  listEventGroups: defineRoute({
    ...listing,
    ...own,
    operation: 'listEventGroups',
    path: OWN,
    summary: 'The consumer groups of the account, by name',
  }),
  getEventGroup: defineRoute({
    ...getting,
    ...own,
    operation: 'getEventGroup',
    path: `${OWN}/:groupName`,
    summary: 'A consumer group of the account and what waits for it',
    params: one,
  }),
  acknowledgeEvents: defineRoute({
    ...acknowledging,
    ...own,
    operation: 'acknowledgeEvents',
    path: `${OWN}/:groupName/ack`,
    summary: 'Acknowledge events as a reader of a consumer group of the account',
    params: one,
  }),
  resetEventGroup: defineRoute({
    ...resetting,
    ...own,
    operation: 'resetEventGroup',
    path: `${OWN}/:groupName`,
    summary: 'Let a consumer group of the account go on elsewhere',
    params: one,
  }),
  deleteEventGroup: defineRoute({
    ...deleting,
    ...own,
    operation: 'deleteEventGroup',
    path: `${OWN}/:groupName`,
    summary: 'Delete a consumer group of the account',
    params: one,
  }),
  listProductEventGroups: defineRoute({
    ...listing,
    ...ofProduct,
    operation: 'listProductEventGroups',
    path: OF_PRODUCT,
    summary: 'The consumer groups of a product, by name',
    params: productParams,
  }),
  getProductEventGroup: defineRoute({
    ...getting,
    ...ofProduct,
    operation: 'getProductEventGroup',
    path: `${OF_PRODUCT}/:groupName`,
    summary: 'A consumer group of a product and what waits for it',
    params: oneOfProduct,
  }),
  acknowledgeProductEvents: defineRoute({
    ...acknowledging,
    ...ofProduct,
    operation: 'acknowledgeProductEvents',
    path: `${OF_PRODUCT}/:groupName/ack`,
    summary: 'Acknowledge events as a reader of a consumer group of a product',
    params: oneOfProduct,
  }),
  resetProductEventGroup: defineRoute({
    ...resetting,
    ...ofProduct,
    operation: 'resetProductEventGroup',
    path: `${OF_PRODUCT}/:groupName`,
    summary: 'Let a consumer group of a product go on elsewhere',
    params: oneOfProduct,
  }),
  deleteProductEventGroup: defineRoute({
    ...deleting,
    ...ofProduct,
    operation: 'deleteProductEventGroup',
    path: `${OF_PRODUCT}/:groupName`,
    summary: 'Delete a consumer group of a product',
    params: oneOfProduct,
  }),
  listOrganizationEventGroups: defineRoute({
    ...listing,
    ...ofOrganization,
    operation: 'listOrganizationEventGroups',
    path: OF_ORGANIZATION,
    summary: 'The consumer groups of an organization, by name',
    params: organizationParams,
  }),
  getOrganizationEventGroup: defineRoute({
    ...getting,
    ...ofOrganization,
    operation: 'getOrganizationEventGroup',
    path: `${OF_ORGANIZATION}/:groupName`,
    summary: 'A consumer group of an organization and what waits for it',
    params: oneOfOrganization,
  }),
  acknowledgeOrganizationEvents: defineRoute({
    ...acknowledging,
    ...ofOrganization,
    operation: 'acknowledgeOrganizationEvents',
    path: `${OF_ORGANIZATION}/:groupName/ack`,
    summary: 'Acknowledge events as a reader of a consumer group of an organization',
    params: oneOfOrganization,
  }),
  resetOrganizationEventGroup: defineRoute({
    ...resetting,
    ...ofOrganization,
    operation: 'resetOrganizationEventGroup',
    path: `${OF_ORGANIZATION}/:groupName`,
    summary: 'Let a consumer group of an organization go on elsewhere',
    params: oneOfOrganization,
  }),
  deleteOrganizationEventGroup: defineRoute({
    ...deleting,
    ...ofOrganization,
    operation: 'deleteOrganizationEventGroup',
    path: `${OF_ORGANIZATION}/:groupName`,
    summary: 'Delete a consumer group of an organization',
    params: oneOfOrganization,
  }),
};
