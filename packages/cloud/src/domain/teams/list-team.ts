import type { Role } from '../authorization/index.ts';
import type { ApiUser } from './api-user.ts';
import { findApiUsers } from './api-user-store.ts';
import { findAccount, findMembers } from './member-store.ts';
import type { TeamContext } from './team.ts';

export interface TeamMember {
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  /** Whether its log-in takes a second factor. */
  readonly mfa: boolean;
  /** Invited, and has not answered yet. */
  readonly pending: boolean;
}

/**
 * Everybody of a team: the owner first, then members, then those who are invited; and its API users (PRD-07, PRD-10). Members of the organization
 * that owns a product are not in the product's own list (PRD-28). The caller has entered with teams.users:list.
 */
export async function listTeam(ctx: TeamContext): Promise<{ members: TeamMember[]; apiUsers: ApiUser[] }> {
  const { team, store } = ctx;
  const [owner, rows, apiUsers] = await Promise.all([
    team.ownerId === undefined ? undefined : findAccount(store.db, team.ownerId),
    findMembers(store.db, team),
    findApiUsers(store.db, team),
  ]);
  const members: TeamMember[] = rows
    .filter((row) => row.userId !== team.ownerId)
    .map(({ state, ...row }) => ({ ...row, pending: state === 'invited' }))
    .toSorted((one, other) => Number(one.pending) - Number(other.pending));
  if (owner !== undefined) members.unshift({ ...owner, role: 'Owner', pending: false });
  return { members, apiUsers };
}
