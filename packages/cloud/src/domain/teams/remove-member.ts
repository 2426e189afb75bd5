import { type AccountServices, announce, deleteTokensOf } from '../accounts/index.ts';
import { scopesOfRole } from '../authorization/index.ts';
import type { UserContext } from '../context.ts';
import { requirePermissions } from './api-user.ts';
import { deleteApiUser, findApiUser } from './api-user-store.ts';
import { refuseOwner } from './change-role.ts';
import { deleteMember, findMember } from './member-store.ts';
import { type Team, type TeamContext, teamChanges } from './team.ts';
import { changedMeanwhile, memberNotFound } from './team-errors.ts';

type Services = Pick<AccountServices, 'tokens' | 'bus'>;

/**
 * Takes a member, an invitation or an API user out of the team, at once: the next request is refused, streams end. The caller has entered with
 * teams.users:remove; he may name himself.
 * @throws DomainError `member_not_found`; `owner_is_fixed`; `permission_denied` for somebody who may do more than the caller.
 */
export async function removeMember(ctx: TeamContext, services: Services, username: string): Promise<void> {
  const { team, store } = ctx;
  const name = username.trim().toLowerCase();
  const apiUser = await findApiUser(store.db, team, name);
  if (apiUser !== undefined) {
    requirePermissions(ctx, apiUser.scopes, 'change');
    const tokens = await store.db.transaction().execute(async (db) => {
      if (!(await deleteApiUser(db, apiUser.id))) throw memberNotFound();
      return deleteTokensOf(db, { kind: 'api_user', id: apiUser.id });
    });
    announce(services, tokens);
    tell(services, team, apiUser.id);
    return;
  }
  await refuseOwner(ctx, name);
  const member = await findMember(store.db, team, name);
  if (member === undefined) throw memberNotFound();
  requirePermissions(ctx, scopesOfRole[member.role], 'change');
  if (!(await deleteMember(store.db, team, member.userId, { role: member.role }))) throw changedMeanwhile();
  tell(services, team, member.userId);
}

/** The account leaves a team that it is in, whatever its role. @throws DomainError `member_not_found`, also for the owner, who has no membership. */
export async function leaveTeam(ctx: UserContext, services: Pick<Services, 'bus'>, team: Team): Promise<void> {
  const left = await deleteMember(ctx.store.db, team, ctx.actor.userId, { state: 'accepted' });
  if (!left) throw memberNotFound();
  tell(services, team, ctx.actor.userId);
}

function tell(services: Pick<Services, 'bus'>, { kind, id }: Team, memberId: string): void {
  services.bus.publish(teamChanges, { kind, id, memberId });
}
