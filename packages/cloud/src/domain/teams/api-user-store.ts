import type { Kysely, Selectable } from 'kysely';
import type { ApiUserRow } from '../../store/tables/tenancy.ts';
import type { Tables } from '../../store/tables.ts';
import type { ApiUser } from './api-user.ts';
import type { Team } from './team.ts';

/** The API users of a team, in the order in which they were made. */
export async function findApiUsers(db: Kysely<Tables>, team: Team): Promise<ApiUser[]> {
  const rows = await db
    .selectFrom('api_users')
    .selectAll()
    .where('team_id', '=', team.id)
    .where('team_kind', '=', team.kind)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(apiUserFromRow);
}

/** @param username in lower case */
export async function findApiUser(db: Kysely<Tables>, team: Team, username: string): Promise<ApiUser | undefined> {
  const row = await db
    .selectFrom('api_users')
    .selectAll()
    .where('username', '=', username)
    .where('team_id', '=', team.id)
    .where('team_kind', '=', team.kind)
    .executeTakeFirst();
  return row && apiUserFromRow(row);
}

export async function countApiUsers(db: Kysely<Tables>, team: Team): Promise<number> {
  const row = await db
    .selectFrom('api_users')
    .select((count) => count.fn.countAll().as('users'))
    .where('team_id', '=', team.id)
    .where('team_kind', '=', team.kind)
    .executeTakeFirstOrThrow();
  return Number(row.users);
}

export async function insertApiUser(db: Kysely<Tables>, row: ApiUserRow): Promise<void> {
  await db.insertInto('api_users').values(row).execute();
}

/** @param before the API user as it was looked at: a change that somebody else made meanwhile is not overwritten. @returns false when it is no longer so. */
export async function changeApiUser(
  db: Kysely<Tables>,
  before: ApiUser,
  change: { readonly friendlyName: string; readonly scopes: readonly string[] },
): Promise<boolean> {
  const changed = await db
    .updateTable('api_users')
    .set({ friendly_name: change.friendlyName, scopes: JSON.stringify(change.scopes) })
    .where('id', '=', before.id)
    .where('scopes', '=', JSON.stringify(before.scopes))
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** @returns false when it is gone. */
export async function deleteApiUser(db: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await db.deleteFrom('api_users').where('id', '=', id).returning('id').executeTakeFirst();
  return row !== undefined;
}

/** Deletes all API users of a team. @returns their ids. */
export async function deleteApiUsers(db: Kysely<Tables>, team: Team): Promise<string[]> {
  const rows = await db
    .deleteFrom('api_users')
    .where('team_id', '=', team.id)
    .where('team_kind', '=', team.kind)
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

function apiUserFromRow(row: Selectable<ApiUserRow>): ApiUser {
  return {
    id: row.id,
    username: row.username,
    friendlyName: row.friendly_name,
    scopes: JSON.parse(row.scopes) as string[],
    team: { kind: row.team_kind, id: row.team_id },
  };
}
