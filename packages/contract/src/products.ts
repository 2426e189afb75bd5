import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField } from './fields.ts';

const tag = 'products';

/** Section 1 of the product notes. */
export const product = z
  .object({
    id: z.int().describe('1000 to 65535, never given out twice; firmware is compiled with it.'),
    platform_id: z.int(),
    name: z.string(),
    slug: z.string().describe('Stays when the product is renamed.'),
    description: z.string(),
    subscription_id: z.null(),
    user: z.string().nullable().describe('Id of the account that owns it; null when an organization does.'),
    org: z.string().nullable().describe('Slug of the organization that owns it.'),
    organization_id: z.string().nullable(),
    groups: z.array(z.string()),
    settings: z.object({
      location: z.object({ opt_in: z.boolean() }),
      known_application: z.object({ opt_in: z.boolean() }),
      quarantine: z.boolean().describe('The same as unknown_devices being `quarantine`.'),
      unknown_devices: z.enum(['approve', 'quarantine', 'refuse']),
    }),
    device_protection: z.literal('disabled'),
  })
  .meta({ id: 'Product' });

const optIn = z.object({ opt_in: booleanField.optional() });

const settings = z
  .object({
    location: optIn.optional().describe('Keep the locations that devices publish.'),
    known_application: optIn.optional(),
    quarantine: booleanField.optional(),
    unknown_devices: z
      .enum(['approve', 'quarantine', 'refuse'])
      .optional()
      .describe('What becomes of a device that announces the product without belonging to it.'),
  })
  .describe('What is left out stays.');

const newProduct = z.object({
  name: z.string().describe('1 to 100 characters; unique over the whole cloud, without regard to case.'),
  description: z.string().optional().describe('At most 1000 characters.'),
  platform_id: integerField.describe('The one kind of hardware that its devices are; see /v1/platforms.'),
  settings: settings.optional(),
});

const productUpdate = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  settings: settings.optional(),
  platform_id: integerField.optional().describe('Cannot change.'),
});

/** The fields stand in `product`, or alone. */
const wrapped = <T extends z.ZodType>(fields: T) =>
  z.preprocess(
    (body) => (body !== null && typeof body === 'object' && 'product' in body ? body.product : body),
    fields,
  );

const params = z.object({ productIdOrSlug: z.string() });
const one = z.object({ product });
const many = z.object({ products: z.array(product) });

/** A product as it may look. */
export const exampleProduct = {
  id: 1042,
  platform_id: 13,
  name: 'Greenhouse',
  slug: 'greenhouse-v1',
  description: 'Valve controllers',
  subscription_id: null,
  user: '5f1e2d3c4b5a697887960001',
  org: null,
  organization_id: null,
  groups: ['beta', 'north'],
  settings: {
    location: { opt_in: false },
    known_application: { opt_in: false },
    quarantine: true,
    unknown_devices: 'quarantine',
  },
  device_protection: 'disabled',
} as const;
const exampleOne = { product: exampleProduct };
const exampleMany = { products: [exampleProduct] };
const exampleOfOrganization = {
  ...exampleProduct,
  user: null,
  org: 'acme',
  organization_id: '5f1e2d3c4b5a69788796a5b4',
};
const exampleNew = { product: { name: 'Greenhouse', description: 'Valve controllers', platform_id: 13 } };

const createErrors = {
  400: 'A name or description that cannot be, settings that contradict each other, or a platform that is not known.',
  409: 'The name is taken, or the cloud has no product ids left.',
};

const listOwnProducts = defineRoute({
  operation: 'listOwnProducts',
  tag,
  method: 'GET',
  path: '/v1/user/products',
  summary: 'Products that the account owns, or whose team it is in',
  access: 'user',
  responses: { 200: many },
  example: { response: exampleMany },
});

const listProducts = defineRoute({
  operation: 'listProducts',
  tag,
  method: 'GET',
  path: '/v1/products',
  summary: 'Every product that the caller can see, those of its organizations too',
  description: "An API user sees those of its team and needs `products:list`; a product's token sees that product.",
  access: 'token',
  responses: { 200: many },
  errors: { 400: 'An API user without the scope `products:list`.', 403: 'Customers have no part in products.' },
  example: { response: exampleMany },
});

const listOrganizationProducts = defineRoute({
  operation: 'listOrganizationProducts',
  tag,
  method: 'GET',
  path: '/v1/orgs/:orgIdOrSlug/products',
  summary: 'Products of an organization',
  access: 'organization',
  scope: 'products:list',
  params: z.object({ orgIdOrSlug: z.string() }),
  responses: { 200: many },
  example: { response: { products: [exampleOfOrganization] } },
});

const getProduct = defineRoute({
  operation: 'getProduct',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug',
  summary: 'One product',
  access: 'product',
  scope: 'products:get',
  params,
  responses: { 200: one },
  example: { response: exampleOne },
});

const createProduct = defineRoute({
  operation: 'createProduct',
  tag,
  method: 'POST',
  path: '/v1/user/products',
  summary: 'Make a product of your own',
  access: 'user',
  body: wrapped(newProduct),
  responses: { 201: one },
  errors: createErrors,
  example: { body: exampleNew, response: exampleOne },
});

const createOrganizationProduct = defineRoute({
  operation: 'createOrganizationProduct',
  tag,
  method: 'POST',
  path: '/v1/orgs/:orgIdOrSlug/products',
  summary: 'Make a product of an organization',
  access: 'organization',
  scope: 'products:create',
  params: z.object({ orgIdOrSlug: z.string() }),
  body: wrapped(newProduct),
  responses: { 201: one },
  errors: createErrors,
  example: { body: exampleNew, response: { product: exampleOfOrganization } },
});

const updateProduct = defineRoute({
  operation: 'updateProduct',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug',
  summary: 'Change name, description or settings of a product',
  access: 'product',
  scope: 'products:update',
  params,
  body: wrapped(productUpdate),
  responses: { 200: one },
  errors: {
    400: 'A name, description or setting that cannot be, or another platform.',
    409: 'The name is taken.',
  },
  example: { body: { product: { description: 'Valve controllers' } }, response: exampleOne },
});

const removeProduct = defineRoute({
  operation: 'removeProduct',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug',
  summary: 'Delete a product for good',
  description:
    'Its devices leave it, its team, customers, clients and tokens end. Its name is free again; its id is never given out again. Only the owner may.',
  access: 'product',
  scope: 'products:remove',
  params,
  responses: { 204: z.undefined() },
});

const transferProduct = defineRoute({
  operation: 'transferProduct',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/owner',
  summary: 'Give a product to an organization',
  description:
    'To one in which the caller may make products. Devices, claims, customers, team and tokens stay, nothing disconnects. Only the owner may. Another account can be named by an operator alone.',
  access: 'product',
  scope: 'products:transfer',
  params,
  body: z
    .object({
      organization: z.string().optional().describe('Id or slug.'),
      user: z.string().optional().describe('E-mail of an account; for operators.'),
    })
    .refine(
      ({ organization, user }) => (organization === undefined) !== (user === undefined),
      'must name either organization or user',
    ),
  responses: { 200: one },
  errors: {
    403: 'An organization in which the caller may make no products looks like one that does not exist.',
    404: 'There is no such account.',
    409: 'The owner changed meanwhile.',
  },
  example: { body: { organization: 'acme' }, response: { product: exampleOfOrganization } },
});

const transferProductToUser = defineRoute({
  operation: 'transferProductToUser',
  tag,
  method: 'POST',
  path: '/v1/operator/products/:productId/transfer',
  summary: 'Give a product to an account',
  access: 'operator',
  params: z.object({ productId: z.string().describe('Id or slug.') }),
  body: z.object({ owner: z.string().describe('E-mail of the account.') }),
  responses: { 200: one },
  errors: { 404: 'There is no such product, or no such account.', 409: 'The owner changed meanwhile.' },
  example: { body: { owner: 'ann@example.net' }, response: exampleOne },
});

const listPlatforms = defineRoute({
  operation: 'listPlatforms',
  tag,
  method: 'GET',
  path: '/v1/platforms',
  summary: 'The kinds of hardware that there are, by platform id',
  access: 'public',
  responses: {
    200: z.object({
      platforms: z.array(
        z.object({
          id: z.int(),
          name: z.string(),
          display_name: z.string(),
          device_types: z.array(z.string()).describe('Those that share the platform; they can be in one product.'),
          generation: z.int().nullable(),
          wireless: z.array(z.enum(['wifi', 'cellular', 'mesh', 'wired'])).describe('The usual way first.'),
          transport: z.enum(['udp', 'tcp']).describe('DTLS over UDP, or AES over TCP.'),
        }),
      ),
    }),
  },
  example: {
    response: {
      platforms: [
        {
          id: 13,
          name: 'boron',
          display_name: 'Boron',
          device_types: ['Boron'],
          generation: 3,
          wireless: ['cellular'],
          transport: 'udp',
        },
      ],
    },
  },
});

export const productRoutes = {
  listOwnProducts,
  listProducts,
  listOrganizationProducts,
  getProduct,
  createProduct,
  createOrganizationProduct,
  updateProduct,
  removeProduct,
  transferProduct,
  transferProductToUser,
  listPlatforms,
};
