import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import { holdSubject } from './hold-subject.ts';
import { type IssuedToken, issueToken } from './issue-token.ts';
import { announce, revokeGrant } from './revoke-tokens.ts';
import { digest } from './secrets.ts';
import { deleteAccessTokens, findRefreshToken, useRefreshToken } from './token-store.ts';

/**
 * Replaces a refresh token and its access token by new ones of the same lifetime. A refresh token is good for one use: a second one means that
 * somebody else has it, so everything that came of that log-in is revoked (RFC 9700 section 4.14.2).
 * @throws DomainError `invalid_grant` when it is unknown, used, expired, or of another client.
 */
export async function refreshToken(
  ctx: Ambient,
  services: Pick<AccountServices, 'tokens' | 'bus'>,
  client: AuthenticatedClient,
  token: string,
): Promise<IssuedToken> {
  const hash = digest(token);
  const now = ctx.clock.now();
  const known = await findRefreshToken(ctx.store.db, hash);
  if (known === undefined || known.client_id !== client.id || known.expires_at <= now) throw invalidRefreshToken();
  const subject = { kind: known.subject_kind, id: known.subject_id };
  const renewed = await ctx.store.db.transaction().execute(async (db) => {
    await holdSubject(db, subject);
    const row = await useRefreshToken(db, hash, now);
    if (row === undefined) return undefined;
    const replaced = await deleteAccessTokens(db, { grant_id: row.grant_id });
    const issued = await issueToken(ctx, db, {
      subject,
      scope: row.scope,
      clientId: row.client_id,
      lifetimeSeconds: row.access_lifetime_seconds,
      withRefresh: true,
      grantId: row.grant_id,
    });
    return { issued, replaced };
  });
  if (renewed === undefined) {
    await revokeGrant(ctx, services, known.grant_id);
    throw invalidRefreshToken();
  }
  announce(services, renewed.replaced);
  return renewed.issued;
}

function invalidRefreshToken(): DomainError {
  return new DomainError('invalid', 'invalid_grant', 'The refresh token is invalid or has expired');
}
