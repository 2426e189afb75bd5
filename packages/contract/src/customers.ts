import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody } from './fields.ts';
import { ATTEMPTS } from './limits.ts';

const tag = 'customers';

const productParams = z.object({ productIdOrSlug: z.string() });
const customerParams = z.object({
  productIdOrSlug: z.string(),
  email: z.string().describe('The username of the customer: e-mail address or other unique text.'),
});
const noCustomer = { 404: 'Customer not found for this product' };
const client = {
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
};

const createCustomer = defineRoute({
  operation: 'createCustomer',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/customers',
  summary: 'Make a customer of a product and log it in',
  description:
    'Three callers: (a) a token that may do `customers:create` in the product; (b) a client of the product by HTTP Basic or `client_id` and `client_secret`; (c) a browser that names a web client of the product by `client_id` and sends `response_type=token`: it is answered with 302 to the redirect address of the client with the token in the fragment. The route checks this by itself, since (b) and (c) have no token. `no_password=true` (not in c) makes a shadow customer, whom only the server of the product speaks for.',
  access: 'public',
  limit: ATTEMPTS,
  params: productParams,
  body: z.object({
    email: z
      .string()
      .max(1000)
      .describe('An e-mail address, kept in lower case, or another unique text of 1 to 254 characters.'),
    password: z.string().max(2000).optional().describe('8 to 1024 characters.'),
    no_password: booleanField.optional(),
    ...client,
    grant_type: z.string().optional(),
    response_type: z.string().optional().describe('`token` for (c).'),
    redirect_uri: z.string().max(2000).optional().describe('For (c): the registered address, if it is sent at all.'),
    state: z.string().max(2000).optional().describe('For (c): comes back with the token.'),
  }),
  responses: {
    201: z.object({
      token_type: z.literal('bearer'),
      access_token: z.string(),
      refresh_token: z.string().optional(),
      expires_in: z.int(),
    }),
  },
  errors: {
    400: 'The client is wrong (`invalid_client`), the customer exists (`customer_exists`), email or password are not valid, or nobody asks (`invalid_request`)',
    401: 'The token, or the client in the Authorization header, is wrong',
    403: 'The token may not do that in this product',
  },
  example: {
    body: {
      client_id: 'greenhouse-server-4821',
      client_secret: '3c1f0a9d5e7b2846c0d9a1b2c3d4e5f60718293a',
      email: '0b6a4d0e-4c52-4a53-9b4f-7d2d6a3a5c11',
      no_password: true,
    },
    response: {
      token_type: 'bearer',
      access_token: '6d0c1b0f0e5c49ce8f6d2f3f1d0a9b8c7e6f5a4b',
      refresh_token: '0b9a8c7d6e5f40312213041526374859a6b7c8d9',
      expires_in: 7_776_000,
    },
  },
});

const listCustomers = defineRoute({
  operation: 'listCustomers',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/customers',
  summary: 'The customers of a product and their devices',
  description: 'By username. `devices` of a customer are ids; each device stands in `devices` of the reply.',
  access: 'product',
  scope: 'customers:list',
  params: productParams,
  query: z.object({
    page: integerField.pipe(z.int().min(1).max(1_000_000)).optional().describe('From 1.'),
    perPage: integerField.pipe(z.int().min(1).max(100)).optional().describe('25 when left out.'),
    per_page: integerField.pipe(z.int().min(1).max(100)).optional().describe('The same.'),
  }),
  responses: {
    200: z.object({
      customers: z.array(
        z.object({
          id: z.string(),
          full_name: z.string().nullable(),
          username: z.string(),
          devices: z.array(z.string()),
        }),
      ),
      devices: z.array(
        z.object({
          id: z.string(),
          product_id: z.int(),
          last_ip_address: z.string().nullable(),
          firmware_version: z.int().nullable(),
          online: z.boolean(),
        }),
      ),
      meta: z.object({ total_pages: z.int() }),
    }),
  },
  example: {
    response: {
      customers: [
        {
          id: '5f1e2d3c4b5a697887960100',
          full_name: null,
          username: 'cy@example.net',
          devices: ['e00fce68a1b2c3d4e5f60718'],
        },
      ],
      devices: [
        {
          id: 'e00fce68a1b2c3d4e5f60718',
          product_id: 1042,
          last_ip_address: '198.51.100.17',
          firmware_version: 7,
          online: true,
        },
      ],
      meta: { total_pages: 1 },
    },
  },
});

const updateCustomer = defineRoute({
  operation: 'updateCustomer',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/customers/:email',
  summary: 'Give a customer a new password',
  description: 'The customer is logged out everywhere.',
  access: 'product',
  scope: 'customers:update',
  params: customerParams,
  body: z.object({ password: z.string().max(2000) }),
  responses: { 200: okBody },
  errors: { 400: 'The password has less than 8 or more than 1024 characters', ...noCustomer },
  example: { body: { password: 'correct horse battery' }, response: { ok: true } },
});

const deleteCustomer = defineRoute({
  operation: 'deleteCustomer',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/customers/:email',
  summary: 'Delete a customer',
  description: 'Its tokens and claim codes stop working, its devices stay in the product and belong to nobody.',
  access: 'product',
  scope: 'customers:remove',
  params: customerParams,
  responses: { 200: okBody },
  errors: noCustomer,
  example: { response: { ok: true } },
});

const requestCustomerReset = defineRoute({
  operation: 'requestCustomerReset',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/customers/reset_password',
  summary: 'Mail a customer a link for a new password',
  description:
    'For a client of the product, by HTTP Basic or `client_id` and `client_secret`. The reply is the same whether or not there is such a customer; a mail goes to one that has an e-mail address and a password. The link works once, for an hour.',
  access: 'public',
  limit: ATTEMPTS,
  params: productParams,
  body: z.object({ email: z.string().max(1000), ...client }),
  responses: { 200: okBody },
  errors: {
    400: 'The client is wrong: `invalid_client`',
    401: 'The client in the Authorization header is wrong: `invalid_client`',
  },
  example: {
    body: {
      client_id: 'greenhouse-app-3316',
      client_secret: '3c1f0a9d5e7b2846c0d9a1b2c3d4e5f60718293a',
      email: 'cy@example.net',
    },
    response: { ok: true },
  },
});

const page = {
  tag,
  access: 'public',
  responses: { 200: z.string() },
  produces: 'text/html',
  example: { response: '<!doctype html>' },
  errors: { 400: 'The link or the password is not good; a page says so' },
} as const;
const pageToken = z.string().max(200).optional();

const showCustomerResetPage = defineRoute({
  ...page,
  operation: 'showCustomerResetPage',
  method: 'GET',
  path: '/reset-customer-password',
  summary: 'The page that a mail to a customer leads to: choose a password',
  query: z.object({ token: pageToken }),
});

const submitCustomerResetPage = defineRoute({
  ...page,
  operation: 'submitCustomerResetPage',
  method: 'POST',
  path: '/reset-customer-password',
  summary: 'What that page sends',
  limit: ATTEMPTS,
  body: z.object({ token: pageToken, password: z.string().max(10_000).optional() }),
  example: {
    body: { token: '6d0c1b0f0e5c49ce8f6d2f3f1d0a9b8c7e6f5a4b', password: 'correct horse battery' },
    response: '<!doctype html>',
  },
});

export const customerRoutes = {
  requestCustomerReset,
  showCustomerResetPage,
  submitCustomerResetPage,
  createCustomer,
  listCustomers,
  updateCustomer,
  deleteCustomer,
};
