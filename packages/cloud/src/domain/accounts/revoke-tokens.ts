import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Ambient, TokenContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { holdSubject } from './hold-subject.ts';
import { digest } from './secrets.ts';
import {
  deleteAccessTokens,
  deleteRefreshTokens,
  deleteRefreshTokensOf,
  deleteTokensExcept,
  deleteUnusedCodes,
  findToken,
  findTokenByHash,
  type TokenSubject,
} from './token-store.ts';
import { tokensTopic } from './token-topic.ts';

type Revoking = Pick<AccountServices, 'tokens' | 'bus'>;

/** Revokes a token; having it is authority enough. @throws DomainError `not_found`. */
export async function revokePresentedToken(
  ctx: Pick<Ambient, 'store'>,
  services: Revoking,
  token: string,
): Promise<void> {
  const row = await findTokenByHash(ctx.store.db, digest(token));
  if (row === undefined) throw unknownToken();
  await revokeGrant(ctx, services, row.grant_id);
}

/** Revokes a token of a subject by its id. @throws DomainError `not_found`, also for the token of somebody else. */
export async function revokeTokenById(
  ctx: Pick<Ambient, 'store'>,
  services: Revoking,
  subject: TokenSubject,
  tokenId: string,
): Promise<void> {
  const row = await findToken(ctx.store.db, tokenId);
  if (row?.subject_kind !== subject.kind || row.subject_id !== subject.id) throw unknownToken();
  await revokeGrant(ctx, services, row.grant_id);
}

/** Revokes the token of this request. */
export async function revokeCurrentToken(ctx: TokenContext, services: Revoking): Promise<void> {
  const row = await findToken(ctx.store.db, ctx.actor.tokenId);
  if (row !== undefined) await revokeGrant(ctx, services, row.grant_id);
}

/** Revokes all tokens of an account, customer, product or API user, refresh tokens too. */
export async function revokeTokensOf(
  ctx: Pick<Ambient, 'store'>,
  services: Revoking,
  subject: TokenSubject,
): Promise<void> {
  const deleted = await ctx.store.db.transaction().execute((db) => deleteTokensOf(db, subject));
  announce(services, deleted);
}

/** As `revokeTokensOf`, inside a transaction; pass what it returns to `announce` after the commit. Codes that would become tokens go too. */
export async function deleteTokensOf(
  db: Kysely<Tables>,
  subject: TokenSubject,
): Promise<Awaited<ReturnType<typeof deleteAccessTokens>>> {
  await holdSubject(db, subject);
  if (subject.kind === 'user') await deleteUnusedCodes(db, subject.id);
  await deleteRefreshTokensOf(db, subject);
  return deleteAccessTokens(db, { subject_kind: subject.kind, subject_id: subject.id });
}

/** As `deleteTokensOf`, but the log-in of the token `tokenId` goes on. */
export async function deleteOtherTokens(
  db: Kysely<Tables>,
  subject: TokenSubject,
  tokenId: string,
): Promise<Awaited<ReturnType<typeof deleteAccessTokens>>> {
  await holdSubject(db, subject);
  if (subject.kind === 'user') await deleteUnusedCodes(db, subject.id);
  return deleteTokensExcept(db, subject, tokenId);
}

/** Revokes what a log-in gave: its access tokens and its refresh tokens. */
export async function revokeGrant(ctx: Pick<Ambient, 'store'>, services: Revoking, grantId: string): Promise<void> {
  const deleted = await ctx.store.db.transaction().execute(async (db) => {
    const tokens: Awaited<ReturnType<typeof deleteAccessTokens>> = [];
    // Until nothing is left: a renewal under way ends with tokens that the first look has not seen.
    for (let renewable = 1; renewable > 0; ) {
      renewable = await deleteRefreshTokens(db, 'grant_id', grantId);
      tokens.push(...(await deleteAccessTokens(db, { grant_id: grantId })));
    }
    return tokens;
  });
  announce(services, deleted);
}

/** Tells this process at once and the others over the bus; call it after the commit. */
export function announce(
  services: Revoking,
  deleted: readonly { readonly id: string; readonly subject_id: string }[],
): void {
  const bySubject = Map.groupBy(deleted, (token) => token.subject_id);
  for (const [subjectId, tokens] of bySubject) {
    const tokenIds = tokens.map((token) => token.id);
    services.tokens.forget(tokenIds);
    services.bus.publish(tokensTopic, { subjectId, tokenIds });
  }
}

function unknownToken(): DomainError {
  return new DomainError('not_found', 'token_not_found', 'That token was not found');
}
