import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, okBody, timestampField } from './fields.ts';

const tag = 'accounts';

const accountInfo = z.object({
  first_name: z.string().max(200).optional(),
  last_name: z.string().max(200).optional(),
  company_name: z.string().max(200).optional(),
  business_account: z
    .union([z.boolean(), z.enum(['true', 'false', '1', '0', ''])])
    .transform((value) => value === true || value === 'true' || value === '1')
    .optional(),
});

const createUser = defineRoute({
  operation: 'createUser',
  tag,
  method: 'POST',
  path: '/v1/users',
  summary: 'Make an account',
  description: 'Answers 403 when this server does not take sign-ups (CHAMBER_SIGNUP).',
  access: 'public',
  body: z.object({
    username: z.string().describe('The e-mail address; compared without case.'),
    password: z.string(),
    account_info: accountInfo.optional(),
  }),
  responses: { 200: z.object({ ok: z.literal(true), message: z.string(), id: z.string(), username: z.string() }) },
});

const getUser = defineRoute({
  operation: 'getUser',
  tag,
  method: 'GET',
  path: '/v1/user',
  summary: 'The account that the token belongs to',
  access: 'token',
  responses: {
    200: z.object({
      username: z.string(),
      subscription_ids: z.array(z.string()),
      tos: z.int(),
      account_info: z.object({
        first_name: z.string(),
        last_name: z.string(),
        company_name: z.string(),
        business_account: z.boolean(),
      }),
      mfa: z.object({ enabled: z.boolean() }),
      memberships: z.array(z.unknown()),
      scim_provisioned: z.boolean(),
      no_password: z.boolean(),
      wifi_device_count: z.int(),
      cellular_device_count: z.int(),
    }),
  },
});

const identifyUser = defineRoute({
  operation: 'identifyUser',
  tag,
  method: 'GET',
  path: '/v1/user/identify',
  summary: 'Id and e-mail of the account that the token belongs to',
  access: 'token',
  query: z.object({ tracking: z.string().optional() }),
  responses: { 200: z.object({ id: z.string(), email: z.string() }) },
});

const createToken = defineRoute({
  operation: 'createToken',
  tag,
  method: 'POST',
  path: '/oauth/token',
  summary: 'Log in: get an access token',
  description:
    'Grants: `password`, `refresh_token`, `client_credentials`. The client authenticates by HTTP Basic or by `client_id` and `client_secret`. `expires_in` is in seconds, 0 for a token that never expires, 90 days when left out. A refresh token is good for one use within 14 days and is replaced with the access token that came with it.',
  access: 'public',
  body: z.object({
    grant_type: z.string().optional(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
    username: z.string().optional(),
    password: z.string().optional(),
    refresh_token: z.string().optional(),
    scope: z.string().optional(),
    expires_in: integerField.optional(),
    expires_at: z.string().nullable().optional().describe('ISO 8601 date or time; null for never.'),
  }),
  responses: {
    200: z.object({
      access_token: z.string(),
      token_type: z.literal('bearer'),
      expires_in: z.int().describe('Seconds; 0 means never.'),
      refresh_token: z.string().optional(),
    }),
  },
});

const listTokens = defineRoute({
  operation: 'listTokens',
  tag,
  method: 'GET',
  path: '/v1/access_tokens',
  summary: 'The tokens of an account',
  description:
    'Only a digest of a token is kept, so `token` is its id: 24 hex digits that DELETE /v1/access_tokens/:token takes from the owner.',
  access: 'basic',
  responses: {
    200: z.array(z.object({ token: z.string(), expires_at: timestampField.nullable(), client: z.string() })),
  },
});

const getCurrentToken = defineRoute({
  operation: 'getCurrentToken',
  tag,
  method: 'GET',
  path: '/v1/access_tokens/current',
  summary: 'The token of this request',
  access: 'token',
  responses: {
    200: z.object({
      expires_at: timestampField.nullable(),
      client: z.string(),
      client_id: z.string(),
      scopes: z.array(z.string()),
      orgs: z.array(z.object({ id: z.string(), slug: z.string() })),
    }),
  },
});

const deleteCurrentToken = defineRoute({
  operation: 'deleteCurrentToken',
  tag,
  method: 'DELETE',
  path: '/v1/access_tokens/current',
  summary: 'Revoke the token of this request: log out',
  access: 'token',
  responses: { 200: okBody },
});

const deleteToken = defineRoute({
  operation: 'deleteToken',
  tag,
  method: 'DELETE',
  path: '/v1/access_tokens/:token',
  summary: 'Revoke a token',
  description:
    'The token itself (40 hex digits) is authority enough. An id (24 hex digits) needs its owner: HTTP Basic or another token.',
  access: 'public',
  params: z.object({ token: z.string() }),
  responses: { 200: okBody },
});

const deleteAllTokens = defineRoute({
  operation: 'deleteAllTokens',
  tag,
  method: 'DELETE',
  path: '/v1/access_tokens',
  summary: 'Revoke every token of the account, the one of this request too',
  access: 'token',
  responses: { 200: okBody },
});

const clientScope = z.string().describe('A space-separated list of `customers:create` and `*:*`; `none` clears it.');
const client = z.object({
  name: z.string(),
  type: z.enum(['installed', 'web']),
  id: z.string(),
  redirect_uri: z.string().optional(),
  scope: z.string().optional(),
});

const listClients = defineRoute({
  operation: 'listClients',
  tag,
  method: 'GET',
  path: '/v1/clients',
  summary: 'The OAuth clients of the account',
  access: 'token',
  responses: { 200: z.object({ ok: z.literal(true), clients: z.array(client) }) },
});

const createClient = defineRoute({
  operation: 'createClient',
  tag,
  method: 'POST',
  path: '/v1/clients',
  summary: 'Make an OAuth client',
  description: 'The secret stands in this reply only.',
  access: 'token',
  body: z.object({
    name: z.string().trim().min(1).max(100),
    type: z.enum(['installed', 'web']),
    redirect_uri: z.string().max(2000).optional().describe('Needed for `web`; https.'),
    scope: clientScope.optional(),
  }),
  responses: { 200: z.object({ ok: z.literal(true), client: client.extend({ secret: z.string() }) }) },
});

const updateClient = defineRoute({
  operation: 'updateClient',
  tag,
  method: 'PUT',
  path: '/v1/clients/:clientId',
  summary: 'Change the name or scope of an OAuth client',
  description: 'The client stands in the reply itself and under `client`, because clients read the one or the other.',
  access: 'token',
  params: z.object({ clientId: z.string() }),
  body: z.object({ name: z.string().trim().min(1).max(100).optional(), scope: clientScope.optional() }),
  responses: { 200: client.extend({ ok: z.literal(true), client }) },
});

const deleteClient = defineRoute({
  operation: 'deleteClient',
  tag,
  method: 'DELETE',
  path: '/v1/clients/:clientId',
  summary: 'Delete an OAuth client; its tokens stop working',
  access: 'token',
  params: z.object({ clientId: z.string() }),
  responses: { 204: z.undefined() },
});

export const accountRoutes = {
  createUser,
  getUser,
  identifyUser,
  createToken,
  listTokens,
  getCurrentToken,
  deleteCurrentToken,
  deleteToken,
  deleteAllTokens,
  listClients,
  createClient,
  updateClient,
  deleteClient,
};
