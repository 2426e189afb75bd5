import type { Kysely, Selectable } from 'kysely';
import type { TeamMemberRow } from '../../store/tables/tenancy.ts';
import type { Tables } from '../../store/tables.ts';
import type { Role } from '../authorization/index.ts';
import type { Team } from './team.ts';

/** Somebody of a team with what its list says of the account. */
export interface StoredMember {
  readonly userId: string;
  readonly username: string;
  readonly mfa: boolean;
  readonly role: Role;
  readonly state: 'invited' | 'accepted';
}

/** What a team's list says of an account. */
export async function findAccount(
  db: Kysely<Tables>,
  userId: string,
): Promise<Pick<StoredMember, 'userId' | 'username' | 'mfa'> | undefined> {
  const row = await db
    .selectFrom('users')
    .select(['id', 'username', 'mfa_enabled_at'])
    .where('id', '=', userId)
    .executeTakeFirst();
  return row && { userId: row.id, username: row.username, mfa: row.mfa_enabled_at !== null };
}

/** Members and invited ones, in the order in which they came. */
export async function findMembers(db: Kysely<Tables>, team: Team): Promise<StoredMember[]> {
  const rows = await membersWithAccounts(db, team)
    .orderBy('team_members.created_at')
    .orderBy('team_members.user_id')
    .execute();
  return rows.map(memberFromRow);
}

/** @param username in lower case */
export async function findMember(db: Kysely<Tables>, team: Team, username: string): Promise<StoredMember | undefined> {
  const row = await membersWithAccounts(db, team).where('users.username', '=', username).executeTakeFirst();
  return row && memberFromRow(row);
}

export async function countMembers(db: Kysely<Tables>, team: Team): Promise<number> {
  const row = await db
    .selectFrom('team_members')
    .select((count) => count.fn.countAll().as('members'))
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .executeTakeFirstOrThrow();
  return Number(row.members);
}

/** @returns false when the account is in the team, or invited to it, already. */
export async function insertMember(db: Kysely<Tables>, row: TeamMemberRow): Promise<boolean> {
  const inserted = await db
    .insertInto('team_members')
    .values(row)
    .onConflict((conflict) => conflict.columns(['team_kind', 'team_id', 'user_id']).doNothing())
    .returning('user_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** @param before the role that was looked at: a change that somebody else made meanwhile is not overwritten. @returns false when it is no longer so. */
export async function changeRole(
  db: Kysely<Tables>,
  team: Team,
  userId: string,
  before: Role,
  role: Role,
): Promise<boolean> {
  const changed = await db
    .updateTable('team_members')
    .set({ role })
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .where('user_id', '=', userId)
    .where('role', '=', before)
    .returning('user_id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** @param only what the row must still be. @returns false when there is no such row. */
export async function deleteMember(
  db: Kysely<Tables>,
  team: Team,
  userId: string,
  only: Partial<Pick<Selectable<TeamMemberRow>, 'state' | 'role'>> = {},
): Promise<boolean> {
  let query = db
    .deleteFrom('team_members')
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .where('user_id', '=', userId);
  if (only.state !== undefined) query = query.where('state', '=', only.state);
  if (only.role !== undefined) query = query.where('role', '=', only.role);
  return (await query.returning('user_id').executeTakeFirst()) !== undefined;
}

/** @returns false when the account is not invited. */
export async function acceptMember(db: Kysely<Tables>, team: Team, userId: string, now: number): Promise<boolean> {
  const accepted = await db
    .updateTable('team_members')
    .set({ state: 'accepted', accepted_at: now })
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .where('user_id', '=', userId)
    .where('state', '=', 'invited')
    .returning('user_id')
    .executeTakeFirst();
  return accepted !== undefined;
}

/** Deletes everybody of a team. @returns their accounts. */
export async function deleteMembers(db: Kysely<Tables>, team: Team): Promise<string[]> {
  const rows = await db
    .deleteFrom('team_members')
    .where('team_kind', '=', team.kind)
    .where('team_id', '=', team.id)
    .returning('user_id')
    .execute();
  return rows.map((row) => row.user_id);
}

/** A team that an account is in or invited to, with what the account needs to know of it. */
export interface StoredMembership extends Team {
  readonly name: string;
  readonly slug: string;
  readonly role: Role;
  /** The e-mail of the inviter, while that account exists. */
  readonly invitedBy: string | null;
  /** ms UTC */
  readonly createdAt: number;
}

/** The teams of an account in one state, oldest first; at most `limit`. */
export async function findMemberships(
  db: Kysely<Tables>,
  userId: string,
  state: 'invited' | 'accepted',
  limit: number,
): Promise<StoredMembership[]> {
  const rows = await db
    .selectFrom('team_members')
    .leftJoin('users', 'users.id', 'team_members.invited_by')
    .select(['team_kind as kind', 'team_id as id', 'role', 'team_members.created_at as createdAt'])
    .select('users.username as invitedBy')
    .where('user_id', '=', userId)
    .where('state', '=', state)
    .orderBy('team_members.created_at')
    .orderBy('team_id')
    .limit(limit)
    .execute();
  const idsOf = (kind: Team['kind']) => rows.filter((row) => row.kind === kind).map((row) => row.id);
  const products = await findProductNames(db, idsOf('product').map(Number));
  const organizations = await findOrganizationNames(db, idsOf('organization'));
  return rows.flatMap((row) => {
    const place = row.kind === 'product' ? products.get(row.id) : organizations.get(row.id);
    return place === undefined ? [] : [{ ...row, role: row.role as Role, name: place.name, slug: place.slug }];
  });
}

type PlaceName = Pick<StoredMembership, 'name' | 'slug'>;

async function findProductNames(db: Kysely<Tables>, ids: readonly number[]): Promise<Map<string, PlaceName>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('products').select(['id', 'name', 'slug']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [String(row.id), row]));
}

async function findOrganizationNames(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, PlaceName>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('organizations').select(['id', 'name', 'slug']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function membersWithAccounts(db: Kysely<Tables>, team: Team) {
  return db
    .selectFrom('team_members')
    .innerJoin('users', 'users.id', 'team_members.user_id')
    .select([
      'users.id as userId',
      'users.username',
      'users.mfa_enabled_at as mfaEnabledAt',
      'team_members.role',
      'team_members.state',
    ])
    .where('team_members.team_kind', '=', team.kind)
    .where('team_members.team_id', '=', team.id);
}

function memberFromRow(row: {
  readonly userId: string;
  readonly username: string;
  readonly mfaEnabledAt: number | null;
  readonly role: string;
  readonly state: 'invited' | 'accepted';
}): StoredMember {
  const { userId, username, state } = row;
  return { userId, username, mfa: row.mfaEnabledAt !== null, role: row.role as Role, state };
}
