import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, timestampField } from './fields.ts';
import { parseTimestamp } from './timestamps.ts';

const tag = 'data operations';

const operations = z
  .object({
    time: timestampField.describe('Begin of the hour, day or month, in UTC.'),
    kind: z
      .string()
      .optional()
      .describe('With group=kind: `publish`, `subscribe`, `function`, `variable` or `location`.'),
    device_id: z.string().nullable().optional().describe('With group=device.'),
    product_id: z.int().nullable().optional().describe('With group=product; null outside of products.'),
    count: z.int(),
  })
  .meta({ id: 'DataOperations' });

const time = z
  .string()
  .max(40)
  .refine((text) => parseTimestamp(text) !== undefined, 'must be a time in ISO 8601, such as 2026-02-03T08:00:00Z');

const query = z.object({
  from: time.optional().describe('Counted from the begin of its hour; the begin of this month in UTC when left out.'),
  to: time.optional().describe('Counted to the end of its hour; now when left out.'),
  by: z.enum(['hour', 'day', 'month']).optional().describe('One row each, in UTC; `day` when left out.'),
  group: z.enum(['kind', 'device', 'product']).optional().describe('One row each; `kind` when left out.'),
  after: z.string().max(100).optional().describe('`meta.next_after` of the page before.'),
  per_page: integerField.pipe(z.int().min(1).max(1000)).optional().describe('1 to 1000 rows, 100 when left out.'),
});

const responses = {
  200: z.object({
    from: timestampField.describe('Begin of the first hour that was counted.'),
    to: timestampField.describe('End of the last hour that was counted.'),
    by: z.enum(['hour', 'day', 'month']),
    group: z.enum(['kind', 'device', 'product']),
    operations: z.array(operations),
    meta: z.object({ next_after: z.string().nullable().describe('Null on the last page.') }),
  }),
};

const example = {
  response: {
    from: '2026-02-01T00:00:00.000Z',
    to: '2026-02-03T09:00:00.000Z',
    by: 'month',
    group: 'kind',
    operations: [
      { time: '2026-02-01T00:00:00.000Z', kind: 'function', count: 12 },
      { time: '2026-02-01T00:00:00.000Z', kind: 'publish', count: 48_211 },
    ],
    meta: { next_after: null },
  },
};

const description =
  'Events that a device published or received, function calls and variables that it was asked for, each as one. Oldest first; rows without operations are left out. Kept for 13 months.';

const shared = {
  tag,
  method: 'GET',
  query,
  responses,
  errors: {
    400: '`from` is later than `to`, they are more than 400 days apart (31 with by=hour), or a parameter cannot be used.',
  },
  example,
} as const;

const listDataOperations = defineRoute({
  ...shared,
  operation: 'listDataOperations',
  path: '/v1/user/data_operations',
  summary: 'Data operations of the account',
  description: `Of its devices that are in no product, and of all devices of its own products, whoever owns them. ${description}`,
  access: 'user',
});

const listProductDataOperations = defineRoute({
  ...shared,
  operation: 'listProductDataOperations',
  path: '/v1/products/:productIdOrSlug/data_operations',
  summary: 'Data operations of a product',
  description: `Of all devices while they were in it. ${description}`,
  access: 'product',
  scope: 'service_agreements.usage_summary:get',
  params: z.object({ productIdOrSlug: z.string() }),
});

const listOrganizationDataOperations = defineRoute({
  ...shared,
  operation: 'listOrganizationDataOperations',
  path: '/v1/orgs/:orgIdOrSlug/data_operations',
  summary: 'Data operations of the products of an organization',
  description: `Of the products that it owns now. ${description}`,
  access: 'organization',
  scope: 'service_agreements.usage_summary:get',
  params: z.object({ orgIdOrSlug: z.string() }),
});

export const dataOperationRoutes = {
  listDataOperations,
  listProductDataOperations,
  listOrganizationDataOperations,
};
