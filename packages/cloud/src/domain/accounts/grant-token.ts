import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { type AuthenticatedClient, authenticateClient } from './authenticate-client.ts';
import { type Credentials, checkPassword, type LoggedIn } from './check-password.ts';
import { grantByClient } from './client-grant.ts';
import { grantByCode } from './code-grant.ts';
import { type Grant, type GrantRequest, type GrantServices, required } from './grant-request.ts';
import { holdLoggedIn } from './hold-subject.ts';
import { type IssuedToken, issueToken } from './issue-token.ts';
import { grantByMfa, requireSecondFactor } from './mfa-grant.ts';
import { refreshToken } from './refresh-token.ts';
import { tokenLifetime } from './token-lifetime.ts';
import type { TokenSubject } from './token-store.ts';

const GRANTS: Readonly<Record<string, Grant>> = {
  password: grantByPassword,
  refresh_token: (ctx, services, request, client) =>
    refreshToken(ctx, services, client, required(request.refreshToken, 'refresh_token')),
  client_credentials: grantByClient,
  authorization_code: grantByCode,
  'urn:custom:mfa-otp': grantByMfa,
};

/**
 * The token endpoint (section 6.1 of the API notes, RFC 6749 sections 4.1, 4.3, 4.4, 6).
 * @throws DomainError whose code is an OAuth error code, with the texts of section 3.3; `limit_exceeded` after ten wrong passwords.
 */
export async function grantToken(ctx: Ambient, services: GrantServices, request: GrantRequest): Promise<IssuedToken> {
  const grantType = required(request.grantType, 'grant_type');
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (grant === undefined) {
    const known = Object.keys(GRANTS).join(', ');
    throw new DomainError('invalid', 'unsupported_grant_type', `grant_type must be one of ${known}`);
  }
  // A program that can't keep a secret proves itself by the verifier of its code (RFC 7636).
  const withoutSecret = grantType === 'authorization_code';
  const client = await authenticateClient(ctx, request.client, { withoutSecret });
  return grant(ctx, services, request, client);
}

/** A client of a product logs in the product's customers (PRD-17), any other client accounts. */
async function grantByPassword(
  ctx: Ambient,
  services: GrantServices,
  request: GrantRequest,
  client: AuthenticatedClient,
): Promise<IssuedToken> {
  const lifetimeSeconds = tokenLifetime(request, ctx.clock.now());
  const credentials = {
    username: required(request.username, 'username'),
    password: required(request.password, 'password'),
    address: request.address,
  };
  const { productId } = client;
  const { id, passwordMark } =
    productId === undefined
      ? await logIn(ctx, services, credentials, { clientId: client.id, lifetimeSeconds })
      : await services.customers.checkPassword(ctx, services, productId, credentials);
  const subject: TokenSubject = { kind: productId === undefined ? 'user' : 'customer', id };
  return ctx.store.db.transaction().execute(async (db) => {
    await holdLoggedIn(db, subject, passwordMark);
    return issueToken(ctx, db, { subject, clientId: client.id, lifetimeSeconds, withRefresh: true });
  });
}

/** @throws DomainError `mfa_required` when the account has a second factor: then `grantByMfa` follows. */
async function logIn(
  ctx: Ambient,
  services: GrantServices,
  credentials: Credentials,
  login: { readonly clientId: string; readonly lifetimeSeconds: number },
): Promise<LoggedIn> {
  const user = await checkPassword(ctx, services, credentials);
  await requireSecondFactor(ctx, services, user, login);
  return user;
}
