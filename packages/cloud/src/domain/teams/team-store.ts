import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Role } from '../authorization/index.ts';
import type { Team } from './team.ts';

/** The role of an account in a team that it has accepted to be in. */
export async function findRole(db: Kysely<Tables>, team: Team, userId: string): Promise<Role | undefined> {
  const row = await db
    .selectFrom('team_members')
    .select('role')
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .where('user_id', '=', userId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return row?.role as Role | undefined;
}

/** The accounts that have accepted to be in a team; its owner is not among them. */
export async function findMemberIds(db: Kysely<Tables>, team: Team): Promise<string[]> {
  const rows = await db
    .selectFrom('team_members')
    .select('user_id')
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .where('state', '=', 'accepted')
    .execute();
  return rows.map((row) => row.user_id);
}

/**
 * Holds the row of the team's place until the transaction ends, so that two who add to the team at once are counted one after the other and nobody
 * is added to a place that is being deleted.
 * @returns false when the place is gone.
 */
export async function lockTeam(db: Kysely<Tables>, team: Team): Promise<boolean> {
  const held =
    team.kind === 'product'
      ? await db
          .updateTable('products')
          .set((row) => ({ updated_at: row.ref('updated_at') }))
          .where('id', '=', Number(team.id))
          .returning('id')
          .executeTakeFirst()
      : await db
          .updateTable('organizations')
          .set((row) => ({ updated_at: row.ref('updated_at') }))
          .where('id', '=', team.id)
          .returning('id')
          .executeTakeFirst();
  return held !== undefined;
}
