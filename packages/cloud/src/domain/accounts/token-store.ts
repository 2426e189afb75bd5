import type { Kysely, Selectable } from 'kysely';
import type { AccessTokenRow, RefreshTokenRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export interface TokenOwner {
  readonly id: string;
  readonly user_id: string;
  readonly username: string;
  readonly operator: number;
  readonly expires_at: number | null;
}

/** The token with this digest and the account that it belongs to. */
export function findTokenOwner(db: Kysely<Tables>, tokenHash: string): Promise<TokenOwner | undefined> {
  return db
    .selectFrom('access_tokens')
    .innerJoin('users', 'users.id', 'access_tokens.user_id')
    .select([
      'access_tokens.id',
      'access_tokens.user_id',
      'users.username',
      'users.operator',
      'access_tokens.expires_at',
    ])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
}

export function findToken(db: Kysely<Tables>, id: string): Promise<Selectable<AccessTokenRow> | undefined> {
  return db.selectFrom('access_tokens').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The tokens of a user that have not expired at `now`, oldest first. */
export function findLiveTokens(db: Kysely<Tables>, userId: string, now: number): Promise<Selectable<AccessTokenRow>[]> {
  return db
    .selectFrom('access_tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', now)]))
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function insertTokens(
  db: Kysely<Tables>,
  access: AccessTokenRow,
  refresh: RefreshTokenRow | undefined,
): Promise<void> {
  await db.insertInto('access_tokens').values(access).execute();
  if (refresh !== undefined) await db.insertInto('refresh_tokens').values(refresh).execute();
}

/** Removes what expired before `before`: until then an expired token is told apart from an unknown one. */
export async function deleteStaleTokens(db: Kysely<Tables>, userId: string, before: number): Promise<void> {
  await db.deleteFrom('access_tokens').where('user_id', '=', userId).where('expires_at', '<', before).execute();
  await db.deleteFrom('refresh_tokens').where('user_id', '=', userId).where('expires_at', '<', before).execute();
}

/** Marks a refresh token as used. @returns it, or undefined when there is none that was unused. */
export function useRefreshToken(
  db: Kysely<Tables>,
  tokenHash: string,
  now: number,
): Promise<Selectable<RefreshTokenRow> | undefined> {
  return db
    .updateTable('refresh_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

export function findRefreshToken(
  db: Kysely<Tables>,
  tokenHash: string,
): Promise<Selectable<RefreshTokenRow> | undefined> {
  return db.selectFrom('refresh_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

interface DeletedToken {
  readonly id: string;
  readonly user_id: string;
  readonly grant_id: string;
}

/** Deletes the access tokens that `by` names. @returns them. */
export function deleteAccessTokens(
  db: Kysely<Tables>,
  by: Partial<Pick<AccessTokenRow, 'id' | 'token_hash' | 'user_id' | 'grant_id' | 'client_id'>>,
): Promise<DeletedToken[]> {
  let query = db.deleteFrom('access_tokens').returning(['id', 'user_id', 'grant_id']);
  if (by.id !== undefined) query = query.where('id', '=', by.id);
  if (by.token_hash !== undefined) query = query.where('token_hash', '=', by.token_hash);
  if (by.user_id !== undefined) query = query.where('user_id', '=', by.user_id);
  if (by.grant_id !== undefined) query = query.where('grant_id', '=', by.grant_id);
  if (by.client_id !== undefined) query = query.where('client_id', '=', by.client_id);
  return query.execute();
}

/** Deletes the refresh tokens of a log-in, of a user or of a client. */
export async function deleteRefreshTokens(
  db: Kysely<Tables>,
  column: 'grant_id' | 'user_id' | 'client_id',
  value: string,
): Promise<void> {
  await db.deleteFrom('refresh_tokens').where(column, '=', value).execute();
}
