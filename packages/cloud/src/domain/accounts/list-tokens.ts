import { DomainError } from '../domain-error.ts';
import type { Ambient, UserContext } from './account-services.ts';
import { findLiveTokens, findToken } from './token-store.ts';

/** A token without its secret. */
export interface TokenInfo {
  readonly id: string;
  readonly clientId: string;
  /** Wall time in ms, or null for never. */
  readonly expiresAt: number | null;
}

/** The tokens of an account that work now, oldest first. */
export async function listTokens(ctx: Pick<Ambient, 'store' | 'clock'>, userId: string): Promise<TokenInfo[]> {
  const rows = await findLiveTokens(ctx.store.db, userId, ctx.clock.now());
  return rows.map((row) => ({ id: row.id, clientId: row.client_id, expiresAt: row.expires_at }));
}

/** The token of this request. @throws DomainError `unauthorized` when it was revoked meanwhile. */
export async function getCurrentToken(ctx: UserContext): Promise<TokenInfo> {
  const row = await findToken(ctx.store.db, ctx.actor.tokenId);
  if (row === undefined) {
    throw new DomainError('unauthorized', 'invalid_token', 'The access token provided is invalid.');
  }
  return { id: row.id, clientId: row.client_id, expiresAt: row.expires_at };
}
