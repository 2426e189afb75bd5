import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { deviceRoutes } from './devices.ts';
import { exampleProduct, product } from './products.ts';

const tag = 'search';

const TYPES = ['device', 'product', 'sim'] as const;

const query = z.object({
  text: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(100, 'must have at most 100 characters')
    .regex(/^\P{Cc}*$/u, 'must not have control characters')
    .describe('A part of a name, id, serial number or slug, in any case.'),
  type: z
    .preprocess(
      (types) => (typeof types === 'string' ? types.split(',') : types),
      z.array(z.enum(TYPES)).min(1).max(10).optional(),
    )
    .describe('One or more of device, product and sim; all when left out.'),
});

const place = {
  org: z.string().nullable().describe('Slug of the organization that it belongs to.'),
  orgName: z.string().nullable(),
};

/** Section 9 of the product notes. */
const found = z.object({
  ok: z.literal(true),
  results: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('device'), ...place, device: deviceRoutes.getDevice.responses[200] }),
      z.object({ type: z.literal('product'), ...place, product }),
    ]),
  ),
  hasMore: z.boolean().describe('There are more than ten hits of a type.'),
});

const response = {
  ok: true,
  results: [{ type: 'product', org: null, orgName: null, product: exampleProduct }],
  hasMore: false,
};

const description =
  'At most ten hits of each type, devices first, each in the order of names or ids. No SIM cards are known to this server.';

const searchAccount = defineRoute({
  operation: 'searchAccount',
  tag,
  method: 'GET',
  path: '/v1/user/search',
  summary: 'Search everything that the account can see',
  description,
  access: 'user',
  query,
  responses: { 200: found },
  errors: { 400: 'An empty or too long text, or an unknown type.' },
  example: { response },
});

const searchOrganization = defineRoute({
  operation: 'searchOrganization',
  tag,
  method: 'GET',
  path: '/v1/orgs/:orgIdOrSlug/search',
  summary: 'Search the products of an organization and their devices',
  description: `${description} Devices are shown to an API user that has \`devices:list\` too.`,
  access: 'organization',
  scope: 'products:list',
  params: z.object({ orgIdOrSlug: z.string() }),
  query,
  responses: { 200: found },
  errors: { 400: 'An empty or too long text, or an unknown type.' },
  example: { response },
});

export const searchRoutes = { searchAccount, searchOrganization };
