import { z } from 'zod';
import { defineRoute, type Responses, type Route } from './define-route.ts';
import { integerField, timestampField } from './fields.ts';
import type { Scope } from './scopes.ts';
import { parseTimestamp } from './timestamps.ts';

const tag = 'deliveries';

const delivery = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'failed']),
    event: z
      .object({
        id: z.string(),
        name: z.string(),
        data: z.string().nullable(),
        coreid: z.string(),
        published_at: timestampField,
      })
      .nullable()
      .describe('Null when the event log has it no longer: then it cannot be replayed.'),
    created_at: timestampField.describe('When it was first owed, or last replayed.'),
    due_at: timestampField.nullable().describe('When it is attempted next; null when it failed.'),
    attempts: z.int(),
    last_error: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });

const time = z
  .string()
  .max(40)
  .refine((text) => parseTimestamp(text) !== undefined, 'must be a time in ISO 8601, such as 2026-02-03T08:15:00Z');
const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((value) => !value.includes('\0'), 'must not have a NUL character');

const query = z.object({
  state: z.enum(['waiting', 'failed']).optional().describe('`failed` when left out.'),
  limit: integerField.pipe(z.int().min(1).max(1000)).optional().describe('1 to 1000, 100 when left out.'),
  cursor: text(40).optional().describe('`meta.next` of the page before.'),
});

const replayBody = z.object({
  source: z
    .enum(['failed', 'history'])
    .optional()
    .describe('`failed` deliveries, when left out, or events of the `history`, also those that were delivered.'),
  from: time.optional().describe('Failed: first owed then or later. History: published then or later; needed.'),
  to: time.optional().describe('Before this; now when left out.'),
  error: text(200).optional().describe('Failed: part of the last error, in any case.'),
  event: text(64).optional().describe('Names begin so, case and all.'),
  cursor: text(40).optional().describe('History: `next` of the reply before.'),
});

const page = z.object({
  deliveries: z.array(delivery),
  meta: z.object({
    next: z.string().nullable().describe('Null on the last page.'),
    waiting: z.int().describe('Of the integration; counted up to 10,000.'),
    failed: z.int().describe('Of the integration; counted up to 10,000.'),
  }),
});
const replayed = z.object({
  ok: z.literal(true),
  replayed: z.int().describe('Deliveries that are due now, at most 10,000.'),
  more: z
    .boolean()
    .describe('True when there may be more: send the same again, with `next` as `cursor` if it is given.'),
  next: z.string().nullable(),
});
const done = z.object({ ok: z.literal(true) });

const examplePage = {
  deliveries: [
    {
      id: '4711',
      state: 'failed',
      event: {
        id: '90210',
        name: 'temp',
        data: '21.6',
        coreid: 'e00fce68a1b2c3d4e5f60718',
        published_at: '2026-02-03T08:15:22.118Z',
      },
      created_at: '2026-02-03T08:15:22.118Z',
      due_at: null,
      attempts: 9,
      last_error: 'error status 500 from example.net',
    },
  ],
  meta: { next: null, waiting: 0, failed: 1 },
};

const noIntegration = 'There is no such integration.';
const noDelivery = 'There is no such integration, or it has no such delivery.';
const full = 'The most deliveries that may wait for the integration do so already.';

type PlaceAccess = 'user' | 'product' | 'organization';

interface Place<A extends PlaceAccess> {
  readonly access: A;
  /** What the path begins with. */
  readonly path: string;
  readonly params: Readonly<Record<string, z.ZodString>>;
  /** What stands in the names of the operations. */
  readonly prefix: string;
  readonly of: string;
}

/** The routes of one place. */
function family<A extends PlaceAccess>({ access, path: begin, params: placeParams, prefix, of }: Place<A>) {
  const path = `${begin}/integrations/:integrationId`;
  // What handlers read of it; the place is entered before they run.
  const params: z.ZodType<{ readonly integrationId: string }> = z.object({
    ...placeParams,
    integrationId: z.string(),
  });
  const oneParams: z.ZodType<{ readonly integrationId: string; readonly deliveryId: string }> = z.object({
    ...placeParams,
    integrationId: z.string(),
    deliveryId: z.string(),
  });
  const route = <R extends Responses>(scope: Scope, responses: R) => ({
    tag,
    access,
    ...(access !== 'user' && { scope }),
    responses,
  });
  return {
    list: defineRoute({
      ...route('integrations:get', { 200: page }),
      operation: `list${prefix}Deliveries`,
      method: 'GET',
      path: `${path}/deliveries`,
      summary: `What waits for an integration of ${of}, or failed`,
      description:
        'Waiting ones in the order of their next attempts, failed ones newest first. What was delivered is gone.',
      params,
      query,
      errors: { 404: noIntegration },
      example: { response: examplePage },
    }),
    replayOne: defineRoute({
      ...route('integrations:update', { 200: done }),
      operation: `replay${prefix}Delivery`,
      method: 'POST',
      path: `${path}/deliveries/:deliveryId/replay`,
      summary: `Attempt a delivery of ${of} again, at once`,
      params: oneParams,
      errors: { 404: noDelivery, 409: `The event log has its event no longer. ${full}` },
      example: { response: { ok: true } },
    }),
    replay: defineRoute({
      ...route('integrations:update', { 200: replayed }),
      operation: `replay${prefix}Deliveries`,
      method: 'POST',
      path: `${path}/replay`,
      summary: `Attempt failed deliveries of ${of} again, or deliver past events`,
      description:
        'An event keeps its id: a server that looks at `webhook-id` recognises what it had already. At most 10,000 deliveries and 50,000 events that are looked at a request.',
      params,
      body: replayBody,
      errors: { 400: 'History needs `from`; a cursor is none.', 404: noIntegration, 409: `It is disabled. ${full}` },
      example: {
        body: { source: 'history', from: '2026-02-03T00:00:00Z', to: '2026-02-04T00:00:00Z', event: 'temp' },
        response: { ok: true, replayed: 1440, more: false, next: null },
      },
    }),
    drop: defineRoute({
      ...route('integrations:update', { 204: z.undefined() }),
      operation: `delete${prefix}Delivery`,
      method: 'DELETE',
      path: `${path}/deliveries/:deliveryId`,
      summary: `Give a delivery of ${of} up for good`,
      params: oneParams,
      errors: { 404: noDelivery },
    }),
  };
}

export type DeliveryFamily<A extends PlaceAccess> = ReturnType<typeof family<A>>;

/** By place, since each has the same routes. */
export const deliveryFamilies = {
  own: family({ access: 'user', path: '/v1', params: {}, prefix: '', of: 'the account' }),
  ofProduct: family({
    access: 'product',
    path: '/v1/products/:productIdOrSlug',
    params: { productIdOrSlug: z.string() },
    prefix: 'Product',
    of: 'a product',
  }),
  ofOrganization: family({
    access: 'organization',
    path: '/v1/orgs/:orgIdOrSlug',
    params: { orgIdOrSlug: z.string() },
    prefix: 'Organization',
    of: 'an organization',
  }),
} as const;

export const deliveryRoutes: readonly Route[] = Object.values(deliveryFamilies).flatMap((routes) =>
  Object.values(routes),
);
