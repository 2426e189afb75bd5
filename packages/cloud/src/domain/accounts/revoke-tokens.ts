import { DomainError } from '../domain-error.ts';
import type { AccountServices, Ambient, UserContext } from './account-services.ts';
import { digest } from './secrets.ts';
import { deleteAccessTokens, deleteRefreshTokens } from './token-store.ts';
import { tokensTopic } from './token-topic.ts';

type Revoking = Pick<AccountServices, 'tokens' | 'bus'>;

/** Revokes a token; having it is authority enough. @throws DomainError `not_found`. */
export async function revokePresentedToken(
  ctx: Pick<Ambient, 'store'>,
  services: Revoking,
  token: string,
): Promise<void> {
  if (!(await revokeGrantsOf(ctx, services, { token_hash: digest(token) }))) throw unknownToken();
}

/** Revokes a token of an account by its id. @throws DomainError `not_found`, also for the token of somebody else. */
export async function revokeTokenById(
  ctx: Pick<Ambient, 'store'>,
  services: Revoking,
  userId: string,
  tokenId: string,
): Promise<void> {
  if (!(await revokeGrantsOf(ctx, services, { id: tokenId, user_id: userId }))) throw unknownToken();
}

/** Revokes the token of this request. */
export async function revokeCurrentToken(ctx: UserContext, services: Revoking): Promise<void> {
  await revokeGrantsOf(ctx, services, { id: ctx.actor.tokenId });
}

/** Revokes all tokens of the account, refresh tokens too. */
export async function revokeAllTokens(ctx: UserContext, services: Revoking): Promise<void> {
  const { userId } = ctx.actor;
  const deleted = await ctx.store.db.transaction().execute(async (db) => {
    await deleteRefreshTokens(db, 'user_id', userId);
    return deleteAccessTokens(db, { user_id: userId });
  });
  announce(services, deleted);
}

/** Revokes what a log-in gave: its access tokens and its refresh tokens. */
export async function revokeGrant(ctx: Pick<Ambient, 'store'>, services: Revoking, grantId: string): Promise<void> {
  const deleted = await ctx.store.db.transaction().execute(async (db) => {
    await deleteRefreshTokens(db, 'grant_id', grantId);
    return deleteAccessTokens(db, { grant_id: grantId });
  });
  announce(services, deleted);
}

/** Tells this process at once and the others over the bus; call it after the commit. */
export function announce(
  services: Revoking,
  deleted: readonly { readonly id: string; readonly user_id: string }[],
): void {
  const byUser = Map.groupBy(deleted, (token) => token.user_id);
  for (const [userId, tokens] of byUser) {
    const tokenIds = tokens.map((token) => token.id);
    services.tokens.forget(tokenIds);
    services.bus.publish(tokensTopic, { userId, tokenIds });
  }
}

async function revokeGrantsOf(
  ctx: Pick<Ambient, 'store'>,
  services: Revoking,
  by: Parameters<typeof deleteAccessTokens>[1],
): Promise<boolean> {
  const deleted = await ctx.store.db.transaction().execute(async (db) => {
    const tokens = await deleteAccessTokens(db, by);
    for (const { grant_id } of tokens) await deleteRefreshTokens(db, 'grant_id', grant_id);
    return tokens;
  });
  announce(services, deleted);
  return deleted.length > 0;
}

function unknownToken(): DomainError {
  return new DomainError('not_found', 'token_not_found', 'That token was not found');
}
