import type { Selectable } from 'kysely';
import type { AccessTokenRow } from '../../store/tables/accounts.ts';
import type { Ambient, TokenContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { findLiveTokens, findToken, type TokenSubject } from './token-store.ts';

/** A token without its secret. */
export interface TokenInfo {
  readonly id: string;
  readonly clientId: string;
  /** Wall time in ms. */
  readonly createdAt: number;
  /** Wall time in ms, or null for never. */
  readonly expiresAt: number | null;
}

/** The tokens of a subject that work now, oldest first. */
export async function listTokens(ctx: Pick<Ambient, 'store' | 'clock'>, subject: TokenSubject): Promise<TokenInfo[]> {
  const rows = await findLiveTokens(ctx.store.db, subject, ctx.clock.now());
  return rows.map(infoOf);
}

/** The token of this request. @throws DomainError `unauthorized` when it was revoked meanwhile. */
export async function getCurrentToken(ctx: TokenContext): Promise<TokenInfo> {
  const row = await findToken(ctx.store.reads, ctx.actor.tokenId);
  if (row === undefined) {
    throw new DomainError('unauthorized', 'invalid_token', 'The access token provided is invalid.');
  }
  return infoOf(row);
}

function infoOf({ id, client_id, created_at, expires_at }: Selectable<AccessTokenRow>): TokenInfo {
  return { id, clientId: client_id, createdAt: created_at, expiresAt: expires_at };
}
