import { days, seconds } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Ambient } from '../context.ts';
import { digest, newId, newSecret } from './secrets.ts';
import { deleteStaleTokens, insertTokens, type TokenSubject } from './token-store.ts';

const REFRESH_LIFETIME = days(14);
/** An expired token is remembered for this long, to be told that it has expired. */
const REMEMBER_EXPIRED = days(30);

export interface TokenRequest {
  readonly subject: TokenSubject;
  /** Of a product's token: what its client is limited to, space-separated. */
  readonly scope?: string | null;
  readonly clientId: string;
  /** Of the access token; 0 for one that never expires. */
  readonly lifetimeSeconds: number;
  readonly withRefresh: boolean;
  /** The log-in that this continues; a new one when left out. */
  readonly grantId?: string;
}

/** Shown once; the store keeps digests. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly tokenId: string;
  /** 0 for never. */
  readonly expiresInSeconds: number;
  readonly refreshToken?: string;
}

/** Makes an access token, and a refresh token of 14 days when asked for one. Everything is written through `db`, which may be a transaction. */
export async function issueToken(
  ctx: Pick<Ambient, 'clock' | 'entropy'>,
  db: Kysely<Tables>,
  request: TokenRequest,
): Promise<IssuedToken> {
  const now = ctx.clock.now();
  const accessToken = newSecret(ctx.entropy);
  const refreshToken = request.withRefresh ? newSecret(ctx.entropy) : undefined;
  const tokenId = newId(ctx.entropy);
  const shared = {
    subject_kind: request.subject.kind,
    subject_id: request.subject.id,
    scope: request.scope ?? null,
    client_id: request.clientId,
    grant_id: request.grantId ?? newId(ctx.entropy),
    created_at: now,
  };
  const expiresAt = request.lifetimeSeconds === 0 ? null : now + seconds(request.lifetimeSeconds);
  await deleteStaleTokens(db, request.subject, now - REMEMBER_EXPIRED);
  await insertTokens(
    db,
    { ...shared, id: tokenId, token_hash: digest(accessToken), expires_at: expiresAt },
    refreshToken === undefined
      ? undefined
      : {
          ...shared,
          id: newId(ctx.entropy),
          token_hash: digest(refreshToken),
          access_lifetime_seconds: request.lifetimeSeconds,
          expires_at: now + REFRESH_LIFETIME,
          used_at: null,
        },
  );
  const issued = { accessToken, tokenId, expiresInSeconds: request.lifetimeSeconds };
  return refreshToken === undefined ? issued : { ...issued, refreshToken };
}
