import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, timestampField } from './fields.ts';
import { parseTimestamp } from './timestamps.ts';

const tag = 'audit';

const auditEntry = z
  .object({
    id: z.int().describe('Grows with time; `before` takes it.'),
    at: timestampField,
    actor: z.object({
      kind: z.enum(['user', 'customer', 'product', 'api_user', 'nobody']),
      id: z.string().nullable(),
      name: z.string().nullable().describe('At that time.'),
    }),
    address: z.string().nullable().describe('IP address; null in the log of an account for what others did.'),
    operation: z.string().describe('The `operationId` of the route.'),
    object: z.object({
      params: z.record(z.string(), z.string()).describe('From the path; secrets are masked.'),
      fields: z.array(z.string()).describe('Names of the fields that were sent, never their values.'),
    }),
    product_id: z.int().nullable(),
    organization_id: z.string().nullable(),
    request_id: z.string(),
  })
  .meta({ id: 'AuditEntry' });

const time = z
  .string()
  .max(40)
  .refine((text) => parseTimestamp(text) !== undefined, 'must be a time in ISO 8601, such as 2026-03-02T08:00:00Z');

const query = z.object({
  before: integerField
    .pipe(z.int().min(1))
    .optional()
    .describe('Only entries with a smaller id: `meta.next_before` of the page before.'),
  per_page: integerField.pipe(z.int().min(1).max(200)).optional().describe('50 when left out, 200 at most.'),
  perPage: integerField.pipe(z.int().min(1).max(200)).optional(),
  operation: z.string().max(100).optional(),
  from: time.optional().describe('Only entries of this time or later.'),
  to: time.optional().describe('Only entries from before this time.'),
  actor: z.string().max(254).optional().describe('Id or name.'),
});

const responses = {
  200: z.object({
    entries: z.array(auditEntry),
    meta: z.object({ next_before: z.int().nullable().describe('Null on the last page.') }),
  }),
};

const example = {
  response: {
    entries: [
      {
        id: 4711,
        at: '2026-03-02T09:30:00.000Z',
        actor: { kind: 'user', id: '5f1e2d3c4b5a697887960001', name: 'ann@example.net' },
        address: '192.0.2.7',
        operation: 'changeProductTeamRole',
        object: { params: { productIdOrSlug: '1042', username: 'bob@example.net' }, fields: ['role'] },
        product_id: 1042,
        organization_id: null,
        request_id: '3f2a9c0b7d1e4856',
      },
    ],
    meta: { next_before: null },
  },
};

const shared = { tag, method: 'GET', query, responses, example } as const;

const listProductAudit = defineRoute({
  ...shared,
  operation: 'listProductAudit',
  path: '/v1/products/:productIdOrSlug/audit',
  summary: 'Who changed what in a product, newest first',
  access: 'product',
  scope: 'audit:list',
  params: z.object({ productIdOrSlug: z.string() }),
});

const listOrganizationAudit = defineRoute({
  ...shared,
  operation: 'listOrganizationAudit',
  path: '/v1/orgs/:orgIdOrSlug/audit',
  summary: 'Who changed what in an organization and its products, newest first',
  access: 'organization',
  scope: 'audit:list',
  params: z.object({ orgIdOrSlug: z.string() }),
});

const listUserAudit = defineRoute({
  ...shared,
  operation: 'listUserAudit',
  path: '/v1/user/audit',
  summary: 'What the account did and what was done to it, newest first',
  description: 'Has log-ins too: `createToken` for those that succeeded, `createToken.refused` for wrong passwords.',
  access: 'user',
});

const listAudit = defineRoute({
  ...shared,
  operation: 'listAudit',
  path: '/v1/operator/audit',
  summary: 'The audit log of the whole server, newest first',
  access: 'operator',
});

export const auditRoutes = { listProductAudit, listOrganizationAudit, listUserAudit, listAudit };
