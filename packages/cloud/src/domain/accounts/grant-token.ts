import { DomainError } from '../domain-error.ts';
import type { AccountServices, Ambient } from './account-services.ts';
import { type AuthenticatedClient, authenticateClient, type ClientCredentials } from './authenticate-client.ts';
import { checkPassword } from './check-password.ts';
import { type IssuedToken, issueToken } from './issue-token.ts';
import { refreshToken } from './refresh-token.ts';
import { tokenLifetime } from './token-lifetime.ts';

export interface GrantRequest {
  readonly grantType: string | undefined;
  readonly client: ClientCredentials;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly scope?: string | undefined;
  /** Seconds, 0 for never. */
  readonly expiresIn?: number | undefined;
  /** ISO 8601, null for never. */
  readonly expiresAt?: string | null | undefined;
  /** Where it comes from, an IP address. */
  readonly address: string;
}

type Grant = (
  ctx: Ambient,
  services: AccountServices,
  request: GrantRequest,
  client: AuthenticatedClient,
) => Promise<IssuedToken>;

const GRANTS: Readonly<Record<string, Grant>> = {
  password: grantByPassword,
  refresh_token: (ctx, services, request, client) =>
    refreshToken(ctx, services, client, required(request.refreshToken, 'refresh_token')),
  client_credentials: grantByClient,
};

/**
 * The token endpoint (section 6.1 of the API notes, RFC 6749 sections 4.3, 4.4, 6).
 * @throws DomainError whose code is an OAuth error code, with the texts of section 3.3; `limit_exceeded` after ten wrong passwords.
 */
export async function grantToken(ctx: Ambient, services: AccountServices, request: GrantRequest): Promise<IssuedToken> {
  const grantType = required(request.grantType, 'grant_type');
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (grant === undefined) {
    const known = Object.keys(GRANTS).join(', ');
    throw new DomainError('invalid', 'unsupported_grant_type', `grant_type must be one of ${known}`);
  }
  const client = await authenticateClient(ctx, request.client);
  return grant(ctx, services, request, client);
}

async function grantByPassword(
  ctx: Ambient,
  services: AccountServices,
  request: GrantRequest,
  client: AuthenticatedClient,
): Promise<IssuedToken> {
  const lifetimeSeconds = tokenLifetime(request, ctx.clock.now());
  const user = await checkPassword(ctx, services, {
    username: required(request.username, 'username'),
    password: required(request.password, 'password'),
    address: request.address,
  });
  return ctx.store.db
    .transaction()
    .execute((db) => issueToken(ctx, db, { userId: user.id, clientId: client.id, lifetimeSeconds, withRefresh: true }));
}

/** A client of a user acts for that user. Customers need products, so `scope=customer=…` has nobody to name here. */
async function grantByClient(
  ctx: Ambient,
  _services: AccountServices,
  request: GrantRequest,
  client: AuthenticatedClient,
): Promise<IssuedToken> {
  const lifetimeSeconds = tokenLifetime(request, ctx.clock.now());
  const userId = client.ownerId;
  if (userId === undefined) {
    throw new DomainError('invalid', 'unauthorized_client', 'A built-in client has no account to act for');
  }
  if (request.scope !== undefined && request.scope !== '' && request.scope !== '*:*') {
    throw new DomainError('invalid', 'invalid_scope', 'That scope is not available to this client');
  }
  if (client.scope !== null && !client.scope.split(' ').includes('*:*')) {
    throw new DomainError(
      'invalid',
      'unauthorized_client',
      'The scope of this client does not let it act for its owner',
    );
  }
  return ctx.store.db
    .transaction()
    .execute((db) => issueToken(ctx, db, { userId, clientId: client.id, lifetimeSeconds, withRefresh: false }));
}

function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new DomainError('invalid', 'invalid_request', `${name} is missing`);
}
