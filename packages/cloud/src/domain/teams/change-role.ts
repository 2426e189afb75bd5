import type { Bus } from '../../bus/index.ts';
import { type Role, scopesOfRole } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import { requirePermissions } from './api-user.ts';
import { findAccount, findMember, changeRole as storeRole } from './member-store.ts';
import { parseRole } from './role-choice.ts';
import { type TeamContext, teamChanges } from './team.ts';
import { changedMeanwhile, memberNotFound } from './team-errors.ts';

/**
 * Gives a member, or somebody who is invited, another role. The caller has entered with teams.users:update.
 * @throws DomainError `invalid_role`; `member_not_found`; `permission_denied` when the old or the new role is stronger than the caller's; `owner_is_fixed`.
 */
export async function changeRole(
  ctx: TeamContext,
  bus: Bus,
  username: string,
  roleName: string,
): Promise<{ username: string; role: Role }> {
  const { team, store } = ctx;
  const role = parseRole(roleName);
  const name = username.trim().toLowerCase();
  await refuseOwner(ctx, name);
  const member = await findMember(store.db, team, name);
  if (member === undefined) throw memberNotFound();
  requirePermissions(ctx, scopesOfRole[member.role], 'change');
  requirePermissions(ctx, scopesOfRole[role], 'give');
  if (member.role === role) return { username: member.username, role };
  if (!(await storeRole(store.db, team, member.userId, member.role, role))) throw changedMeanwhile();
  bus.publish(teamChanges, { kind: team.kind, id: team.id, memberId: member.userId });
  return { username: member.username, role };
}

/** @throws DomainError `owner_is_fixed` when that is the name of the place's owner. */
export async function refuseOwner(ctx: TeamContext, username: string): Promise<void> {
  const { ownerId, kind } = ctx.team;
  if (ownerId === undefined) return;
  const owner = await findAccount(ctx.store.db, ownerId);
  if (owner?.username !== username) return;
  const message = `The owner of this ${kind} has every permission and cannot be changed or removed; transfer the ${kind} first`;
  throw new DomainError('forbidden', 'owner_is_fixed', message);
}
