import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, okBody, timestampField } from './fields.ts';
import { ATTEMPTS } from './limits.ts';

const tag = 'tokens';

const otp = z.string().optional().describe('With HTTP Basic, the code of an account with multifactor authentication.');

const createToken = defineRoute({
  operation: 'createToken',
  tag,
  method: 'POST',
  path: '/oauth/token',
  summary: 'Log in: get an access token',
  description:
    "Grants: `password` (an account; with a client of a product one of its customers), `refresh_token`, `client_credentials` (an account's client: that account; a product's client: the product, or with `scope=customer=<username>` one of its customers), `authorization_code` (what the consent page GET /oauth/authorize gave), `urn:custom:mfa-otp` (second step of a log-in of an account with multifactor authentication: `mfa_token` of the 403 and `otp`). The client authenticates by HTTP Basic or by `client_id` and `client_secret`; with a code it may send no secret when it sends `code_verifier`. `expires_in` is in seconds, 0 for a token that never expires, 90 days when left out. A refresh token is good for one use within 14 days and is replaced with the access token that came with it; a second use revokes both.",
  access: 'public',
  limit: ATTEMPTS,
  body: z.object({
    grant_type: z.string().optional(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
    username: z.string().optional(),
    password: z.string().optional(),
    refresh_token: z.string().optional(),
    code: z.string().optional().describe('From the redirect of the consent page.'),
    redirect_uri: z.string().optional().describe('The same as in the request for the code, if it named one.'),
    code_verifier: z.string().optional().describe('RFC 7636; needed when the code was asked for with a challenge.'),
    mfa_token: z.string().optional().describe('From the 403 of the log-in by password.'),
    otp: z.string().optional().describe('Six digits of the authenticator, or a recovery code.'),
    scope: z.string().optional().describe('`customer=<username>` for a customer of the product of the client.'),
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
  errors: {
    400: 'The request, the client or the grant is not valid: `invalid_request`, `invalid_client`, `invalid_grant`, `invalid_scope`, `unauthorized_client`, `unsupported_grant_type`',
    401: 'The client in the Authorization header is not valid: `invalid_client`',
    403: 'The account takes a code too: `mfa_required`, with `mfa_token` for the second step within 10 minutes',
    429: 'Ten wrong passwords or codes in a row',
  },
  example: {
    body: {
      grant_type: 'client_credentials',
      client_id: 'greenhouse-server-4821',
      client_secret: '3c1f0a9d5e7b2846c0d9a1b2c3d4e5f60718293a',
    },
    response: {
      access_token: '6d0c1b0f0e5c49ce8f6d2f3f1d0a9b8c7e6f5a4b',
      token_type: 'bearer',
      expires_in: 7_776_000,
      refresh_token: '0b9a8c7d6e5f40312213041526374859a6b7c8d9',
    },
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
  limit: ATTEMPTS,
  query: z.object({ otp }),
  responses: {
    200: z.array(
      z.object({
        token: z.string(),
        expires_at: timestampField.nullable(),
        client: z.string(),
        created_at: timestampField.describe('Of this server.'),
      }),
    ),
  },
  example: {
    response: [
      {
        token: '5f1e2d3c4b5a697887960201',
        expires_at: '2026-05-01T09:30:00.000Z',
        client: 'particle-cli',
        created_at: '2026-01-31T09:30:00.000Z',
      },
    ],
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
      token: z.string().describe('Its id, as in the list of tokens; of this server.'),
      expires_at: timestampField.nullable(),
      client: z.string(),
      client_id: z.string(),
      scopes: z.array(z.string()),
      orgs: z.array(z.object({ id: z.string(), slug: z.string() })),
    }),
  },
  example: {
    response: {
      token: '5f1e2d3c4b5a697887960201',
      expires_at: '2026-05-01T09:30:00.000Z',
      client: 'particle-cli',
      client_id: 'particle-cli',
      scopes: [],
      orgs: [{ id: '5f1e2d3c4b5a69788796a5b4', slug: 'acme' }],
    },
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
  example: { response: { ok: true } },
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
  limit: ATTEMPTS,
  params: z.object({ token: z.string() }),
  query: z.object({ otp }),
  responses: { 200: okBody },
  errors: { 404: 'There is no such token, or it is not yours' },
  example: { response: { ok: true } },
});

const deleteAllTokens = defineRoute({
  operation: 'deleteAllTokens',
  tag,
  method: 'DELETE',
  path: '/v1/access_tokens',
  summary: 'Revoke every token of the account, the one of this request too',
  access: 'token',
  responses: { 200: okBody },
  example: { response: { ok: true } },
});

const clientScope = z
  .string()
  .max(200)
  .describe('A space-separated list of `customers:create` and `*:*`; `none` clears it.');
const client = z.object({
  name: z.string(),
  type: z.enum(['installed', 'web']),
  id: z.string(),
  redirect_uri: z.string().optional(),
  scope: z.string().optional(),
});
const newClient = z.object({
  name: z.string().trim().min(1).max(100),
  type: z.enum(['installed', 'web']),
  redirect_uri: z.string().max(2000).optional().describe('Needed for `web`; https.'),
  scope: clientScope.optional(),
});
const clientChange = z.object({ name: z.string().trim().min(1).max(100).optional(), scope: clientScope.optional() });
const clientList = z.object({ ok: z.literal(true), clients: z.array(client) });
const createdClient = z.object({ ok: z.literal(true), client: client.extend({ secret: z.string() }) });
const changedClient = client.extend({ ok: z.literal(true), client });
const twoLooks = 'The client stands in the reply itself and under `client`, because clients read the one or the other.';

const exampleClient = { name: 'Greenhouse server', type: 'installed' as const, id: 'greenhouse-server-4821' };
const exampleWebClient = {
  name: 'Greenhouse shop',
  type: 'web' as const,
  id: 'greenhouse-shop-7305',
  redirect_uri: 'https://shop.example.net/callback',
};
const exampleSecret = '3c1f0a9d5e7b2846c0d9a1b2c3d4e5f60718293a';
const exampleCreated = { ok: true as const, client: { ...exampleClient, secret: exampleSecret } };
const exampleChanged = (scope: string) => ({
  ok: true as const,
  ...exampleClient,
  scope,
  client: { ...exampleClient, scope },
});
const badClient = 'A bad scope (`invalid_scope`), or a redirect address that is missing or not https';
const noClient = { 404: 'There is no such client' };
const manyClients = 'There are 100 clients already';

const listClients = defineRoute({
  operation: 'listClients',
  tag,
  method: 'GET',
  path: '/v1/clients',
  summary: 'The OAuth clients of the account',
  access: 'user',
  responses: { 200: clientList },
  example: { response: { ok: true, clients: [exampleClient, exampleWebClient] } },
});

const createClient = defineRoute({
  operation: 'createClient',
  tag,
  method: 'POST',
  path: '/v1/clients',
  summary: 'Make an OAuth client',
  description: 'The secret stands in this reply only.',
  access: 'user',
  body: newClient,
  responses: { 200: createdClient },
  errors: { 400: badClient, 429: manyClients },
  example: { body: { name: 'Greenhouse server', type: 'installed' }, response: exampleCreated },
});

const updateClient = defineRoute({
  operation: 'updateClient',
  tag,
  method: 'PUT',
  path: '/v1/clients/:clientId',
  summary: 'Change the name or scope of an OAuth client',
  description: twoLooks,
  access: 'user',
  params: z.object({ clientId: z.string() }),
  body: clientChange,
  responses: { 200: changedClient },
  errors: { 400: badClient, ...noClient },
  example: { body: { scope: '*:*' }, response: exampleChanged('*:*') },
});

const deleteClient = defineRoute({
  operation: 'deleteClient',
  tag,
  method: 'DELETE',
  path: '/v1/clients/:clientId',
  summary: 'Delete an OAuth client; its tokens stop working',
  access: 'user',
  params: z.object({ clientId: z.string() }),
  responses: { 204: z.undefined() },
  errors: noClient,
});

const listProductClients = defineRoute({
  operation: 'listProductClients',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/clients',
  summary: 'The OAuth clients of a product',
  access: 'product',
  scope: 'clients:list',
  params: z.object({ productIdOrSlug: z.string() }),
  responses: { 200: clientList },
  example: { response: { ok: true, clients: [exampleClient, exampleWebClient] } },
});

const createProductClient = defineRoute({
  operation: 'createProductClient',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/clients',
  summary: 'Make an OAuth client of a product',
  description:
    'The secret stands in this reply only. A client without scope, or with `*:*`, gets tokens that do in the product what an administrator does; give one that is part of an app the scope `customers:create`, which lets it create customers and log them in.',
  access: 'product',
  scope: 'clients:create',
  params: z.object({ productIdOrSlug: z.string() }),
  body: newClient,
  responses: { 200: createdClient },
  errors: { 400: badClient, 403: 'An API user asked for more than `customers:create`', 429: manyClients },
  example: { body: { name: 'Greenhouse server', type: 'installed' }, response: exampleCreated },
});

const updateProductClient = defineRoute({
  operation: 'updateProductClient',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/clients/:clientId',
  summary: 'Change the name or scope of an OAuth client of a product',
  description: `${twoLooks} Tokens that were given out keep the scope that they have.`,
  access: 'product',
  scope: 'clients:update',
  params: z.object({ productIdOrSlug: z.string(), clientId: z.string() }),
  body: clientChange,
  responses: { 200: changedClient },
  errors: { 400: badClient, 403: 'An API user asked for more than `customers:create`', ...noClient },
  example: { body: { scope: 'customers:create' }, response: exampleChanged('customers:create') },
});

const deleteProductClient = defineRoute({
  operation: 'deleteProductClient',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/clients/:clientId',
  summary: 'Delete an OAuth client of a product; its tokens stop working',
  access: 'product',
  scope: 'clients:remove',
  params: z.object({ productIdOrSlug: z.string(), clientId: z.string() }),
  responses: { 204: z.undefined() },
  errors: noClient,
});

const authorizationFields = {
  response_type: z.string().max(50).optional().describe('`code`'),
  client_id: z.string().max(200).optional(),
  redirect_uri: z.string().max(2000).optional().describe('Exactly the address that the client has registered.'),
  scope: z.string().max(200).optional(),
  state: z.string().max(2000).optional().describe('Comes back with the answer.'),
  code_challenge: z.string().max(200).optional().describe('RFC 7636; needed by a client that sends no secret.'),
  code_challenge_method: z.string().max(20).optional().describe('`S256`'),
};
const consentErrors = {
  400: 'The client is unknown, or the redirect address is not the registered one: a page says so, and the browser is sent nowhere',
};

const showConsent = defineRoute({
  operation: 'showConsent',
  tag,
  method: 'GET',
  path: '/oauth/authorize',
  summary: 'The page "Login with Cloud Chamber"',
  description:
    'A browser comes here from a client (RFC 6749 section 4.1). The page names the client, asks for e-mail and password unless the browser is logged in to the console, and sends the browser back to the client with a code for POST /oauth/token, or with an `error`.',
  access: 'public',
  query: z.object({
    ...authorizationFields,
    prompt: z
      .string()
      .max(50)
      .optional()
      .describe('`login` asks for e-mail and password although the browser is logged in to the console.'),
  }),
  responses: { 200: z.string() },
  produces: 'text/html',
  errors: consentErrors,
  example: { response: '<!doctype html>' },
});

const answerConsent = defineRoute({
  operation: 'answerConsent',
  tag,
  method: 'POST',
  path: '/oauth/authorize',
  summary: 'The answer to the page "Login with Cloud Chamber"',
  description:
    'What the form of the page sends. Answers 303 to the redirect address of the client with `code` and `state`, or with `error`; with the page again when e-mail, password or code are wrong.',
  access: 'public',
  audited: false,
  limit: ATTEMPTS,
  body: z.object({
    ...authorizationFields,
    username: z.string().max(1000).optional(),
    password: z.string().max(2000).optional(),
    otp: z.string().max(100).optional().describe('For an account with a second factor.'),
    csrf: z.string().max(200).optional().describe("Of the console's session, which stands for e-mail and password."),
    decision: z.string().max(20).optional().describe('`allow`; anything else denies.'),
  }),
  responses: { 200: z.string() },
  produces: 'text/html',
  errors: {
    ...consentErrors,
    403: 'The account asks for a code (`mfa_required`), or its e-mail address is not confirmed (`email_unverified`): a page says so',
    429: 'Ten wrong passwords in a row',
  },
  example: {
    body: {
      response_type: 'code',
      client_id: 'greenhouse-shop-7305',
      state: 'b1946ac9',
      username: 'ann@example.net',
      password: 'correct horse',
      decision: 'allow',
    },
    response: '<!doctype html>',
  },
});

export const oauthRoutes = {
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
  listProductClients,
  createProductClient,
  updateProductClient,
  deleteProductClient,
  showConsent,
  answerConsent,
};
