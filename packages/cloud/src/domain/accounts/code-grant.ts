import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AuthorizationCodeRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import { findAuthorizationCode, useAuthorizationCode } from './authorization-code-store.ts';
import { type GrantRequest, type GrantServices, required } from './grant-request.ts';
import { type IssuedToken, issueToken } from './issue-token.ts';
import { revokeGrant } from './revoke-tokens.ts';
import { digest } from './secrets.ts';
import { tokenLifetime } from './token-lifetime.ts';
import type { TokenSubject } from './token-store.ts';

/**
 * Exchanges the code of the consent page (RFC 6749 section 4.1.3) for a token of the account, or for a client of a product of the customer that
 * the account is in that product (PRD-19). A code is good for one use: a second one revokes what the first brought (RFC 9700 section 4.5.3). A
 * client that sends no secret needs a code with a challenge (RFC 7636) and gets no refresh token.
 * @throws DomainError `invalid_grant` when the code is unknown, used, expired, of another client or redirect address, or its verifier is wrong.
 */
export async function grantByCode(
  ctx: Ambient,
  services: GrantServices,
  request: GrantRequest,
  client: AuthenticatedClient,
): Promise<IssuedToken> {
  const code = required(request.code, 'code');
  const now = ctx.clock.now();
  const lifetimeSeconds = tokenLifetime(request, now);
  const row = await findAuthorizationCode(ctx.store.db, digest(code));
  if (row === undefined || row.client_id !== client.id || !isBound(row, request, client)) throw invalidCode();
  if (row.used_at === null && row.expires_at <= now) throw invalidCode();
  const issued = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await useAuthorizationCode(db, row.code_hash, now))) return undefined;
    const { grant_id: grantId } = row;
    const subject = await subjectOf(db, services, row, client);
    return issueToken(ctx, db, { subject, clientId: client.id, lifetimeSeconds, withRefresh: client.proven, grantId });
  });
  if (issued !== undefined) return issued;
  await revokeGrant(ctx, services, row.grant_id);
  throw invalidCode();
}

/** Does the exchange belong to the request that the code was given for? */
function isBound(row: AuthorizationCodeRow, request: GrantRequest, client: AuthenticatedClient): boolean {
  const { redirectUri = '', codeVerifier = '' } = request;
  if (redirectUri === '' ? row.redirect_uri_given === 1 : redirectUri !== row.redirect_uri) return false;
  if (row.code_challenge === null) return client.proven && codeVerifier === '';
  return VERIFIER.test(codeVerifier) && challengeOf(codeVerifier) === row.code_challenge;
}

/** RFC 7636 section 4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

async function subjectOf(
  db: Kysely<Tables>,
  services: GrantServices,
  row: AuthorizationCodeRow,
  client: AuthenticatedClient,
): Promise<TokenSubject> {
  if (client.productId === undefined) return { kind: 'user', id: row.user_id };
  const customer = await services.customers.findLinked(db, client.productId, row.user_id);
  if (customer === undefined) throw invalidCode();
  return { kind: 'customer', id: customer.id };
}

function invalidCode(): DomainError {
  return new DomainError('invalid', 'invalid_grant', 'The code is invalid, used or expired: ask for a new one');
}
