import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import { askedScope, isFullScope } from './client-scopes.ts';
import type { GrantRequest, GrantServices } from './grant-request.ts';
import { type IssuedToken, issueToken, type TokenRequest } from './issue-token.ts';
import { tokenLifetime } from './token-lifetime.ts';

const CUSTOMER = 'customer=';

/**
 * `client_credentials` (RFC 6749 section 4.4, section 6.1 of the API notes): an account's client gets a token of that account, a product's client
 * one of the product (API-23), or of an existing customer with `scope=customer=<username>` (API-42).
 * @throws DomainError `unauthorized_client`, `invalid_scope`, `invalid_grant` for a customer that there is not.
 */
export async function grantByClient(
  ctx: Ambient,
  services: GrantServices,
  request: GrantRequest,
  client: AuthenticatedClient,
): Promise<IssuedToken> {
  const lifetimeSeconds = tokenLifetime(request, ctx.clock.now());
  const subject = await subjectOf(ctx, services, request.scope, client);
  return ctx.store.db
    .transaction()
    .execute((db) => issueToken(ctx, db, { ...subject, clientId: client.id, lifetimeSeconds }));
}

async function subjectOf(
  ctx: Ambient,
  services: GrantServices,
  scope: string | undefined,
  client: AuthenticatedClient,
): Promise<Pick<TokenRequest, 'subject' | 'scope' | 'withRefresh'>> {
  const { ownerId, productId } = client;
  if (productId !== undefined && scope?.startsWith(CUSTOMER)) {
    const id = await customerId(ctx, services, productId, scope.slice(CUSTOMER.length), client);
    return { subject: { kind: 'customer', id }, withRefresh: true };
  }
  if (ownerId === undefined && productId === undefined) {
    throw unauthorizedClient('A built-in client has no account to act for');
  }
  const narrowed = askedScope(scope, client.scope);
  if (!isFullScope(client.scope)) {
    throw unauthorizedClient('The scope of this client does not let it act for its owner');
  }
  if (productId !== undefined) {
    return { subject: { kind: 'product', id: String(productId) }, scope: narrowed, withRefresh: true };
  }
  if (narrowed !== null)
    throw new DomainError('invalid', 'invalid_scope', 'That scope is not available to this client');
  return { subject: { kind: 'user', id: ownerId ?? '' }, withRefresh: false };
}

/**
 * The secret of a client that is limited to `customers:create` may be inside an app that anybody can take apart. So it speaks for those customers
 * only that can't log in by themselves.
 */
async function customerId(
  ctx: Ambient,
  services: GrantServices,
  productId: number,
  username: string,
  client: AuthenticatedClient,
): Promise<string> {
  const customer = await services.customers.find(ctx, productId, username);
  if (customer === undefined) {
    throw new DomainError('invalid', 'invalid_grant', 'There is no such customer of this product: create it first');
  }
  if (customer.logsIn && !isFullScope(client.scope)) {
    throw unauthorizedClient('This customer logs in by itself: the scope of this client does not let it act for it');
  }
  return customer.id;
}

function unauthorizedClient(text: string): DomainError {
  return new DomainError('invalid', 'unauthorized_client', text);
}
