import type { Kysely, Selectable } from 'kysely';
import type { AccessTokenRow, RefreshTokenRow, TokenSubjectKind } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export interface TokenSubject {
  readonly kind: TokenSubjectKind;
  readonly id: string;
}

/** The token with this digest. */
export function findTokenByHash(
  db: Kysely<Tables>,
  tokenHash: string,
): Promise<Selectable<AccessTokenRow> | undefined> {
  return db.selectFrom('access_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

export function findToken(db: Kysely<Tables>, id: string): Promise<Selectable<AccessTokenRow> | undefined> {
  return db.selectFrom('access_tokens').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The tokens of a subject that have not expired at `now`, oldest first. */
export function findLiveTokens(
  db: Kysely<Tables>,
  subject: TokenSubject,
  now: number,
): Promise<Selectable<AccessTokenRow>[]> {
  return db
    .selectFrom('access_tokens')
    .selectAll()
    .where('subject_id', '=', subject.id)
    .where('subject_kind', '=', subject.kind)
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
export async function deleteStaleTokens(db: Kysely<Tables>, subject: TokenSubject, before: number): Promise<void> {
  for (const table of ['access_tokens', 'refresh_tokens'] as const) {
    await db
      .deleteFrom(table)
      .where('subject_id', '=', subject.id)
      .where('subject_kind', '=', subject.kind)
      .where('expires_at', '<', before)
      .execute();
  }
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
  readonly subject_id: string;
  readonly grant_id: string;
}

/** Deletes the access tokens that `by` names; a `subject_id` goes with its `subject_kind`. @returns them. */
export function deleteAccessTokens(
  db: Kysely<Tables>,
  by: Partial<Pick<AccessTokenRow, 'subject_kind' | 'subject_id' | 'grant_id' | 'client_id'>>,
): Promise<DeletedToken[]> {
  let query = db.deleteFrom('access_tokens').returning(['id', 'subject_id', 'grant_id']);
  if (by.subject_kind !== undefined) query = query.where('subject_kind', '=', by.subject_kind);
  if (by.subject_id !== undefined) query = query.where('subject_id', '=', by.subject_id);
  if (by.grant_id !== undefined) query = query.where('grant_id', '=', by.grant_id);
  if (by.client_id !== undefined) query = query.where('client_id', '=', by.client_id);
  return query.execute();
}

/** Deletes the refresh tokens of a log-in or of a client. @returns how many. */
export async function deleteRefreshTokens(
  db: Kysely<Tables>,
  column: 'grant_id' | 'client_id',
  value: string,
): Promise<number> {
  return (await db.deleteFrom('refresh_tokens').where(column, '=', value).returning('id').execute()).length;
}

/** Deletes the refresh tokens of a subject. */
export async function deleteRefreshTokensOf(db: Kysely<Tables>, subject: TokenSubject): Promise<void> {
  await db
    .deleteFrom('refresh_tokens')
    .where('subject_id', '=', subject.id)
    .where('subject_kind', '=', subject.kind)
    .execute();
}

/** Deletes the tokens of a subject but those of the log-in that `tokenId` came from. @returns the access tokens among them. */
export async function deleteTokensExcept(
  db: Kysely<Tables>,
  subject: TokenSubject,
  tokenId: string,
): Promise<DeletedToken[]> {
  const kept = (await findToken(db, tokenId))?.grant_id ?? '';
  await db
    .deleteFrom('refresh_tokens')
    .where('subject_id', '=', subject.id)
    .where('subject_kind', '=', subject.kind)
    .where('grant_id', '<>', kept)
    .execute();
  return db
    .deleteFrom('access_tokens')
    .where('subject_id', '=', subject.id)
    .where('subject_kind', '=', subject.kind)
    .where('grant_id', '<>', kept)
    .returning(['id', 'subject_id', 'grant_id'])
    .execute();
}

/** Deletes the codes of an account's consents that have not become tokens yet. */
export async function deleteUnusedCodes(db: Kysely<Tables>, userId: string): Promise<void> {
  await db.deleteFrom('authorization_codes').where('user_id', '=', userId).where('used_at', 'is', null).execute();
}

/** Subjects per statement, well under the parameters that SQLite and PostgreSQL take. */
const SUBJECTS_PER_STATEMENT = 5000;

/** Deletes all tokens of many subjects of one kind. @returns the access tokens among them. */
export async function deleteTokensOfMany(
  db: Kysely<Tables>,
  kind: TokenSubjectKind,
  ids: readonly string[],
): Promise<DeletedToken[]> {
  const deleted: DeletedToken[] = [];
  for (let at = 0; at < ids.length; at += SUBJECTS_PER_STATEMENT) {
    const some = ids.slice(at, at + SUBJECTS_PER_STATEMENT);
    await db.deleteFrom('refresh_tokens').where('subject_kind', '=', kind).where('subject_id', 'in', some).execute();
    const tokens = await db
      .deleteFrom('access_tokens')
      .where('subject_kind', '=', kind)
      .where('subject_id', 'in', some)
      .returning(['id', 'subject_id', 'grant_id'])
      .execute();
    for (const token of tokens) deleted.push(token);
  }
  return deleted;
}
