import type { UserContext } from '../context.ts';
import { acceptMember, deleteMember, findMemberships, type StoredMembership } from './member-store.ts';
import type { Team } from './team.ts';
import { invitationNotFound } from './team-errors.ts';

/** More than anybody will answer; the rest shows when these are answered. */
const MOST_SHOWN = 200;

/** The teams that the account is invited to, oldest first (PRD-29). */
export function listInvitations(ctx: UserContext): Promise<StoredMembership[]> {
  return findMemberships(ctx.store.db, ctx.actor.userId, 'invited', MOST_SHOWN);
}

/** From now on the account is a member. @throws DomainError `invitation_not_found`. */
export async function acceptInvitation(ctx: UserContext, team: Team): Promise<void> {
  const accepted = await acceptMember(ctx.store.db, team, ctx.actor.userId, ctx.clock.now());
  if (!accepted) throw invitationNotFound();
}

/** @throws DomainError `invitation_not_found`. */
export async function declineInvitation(ctx: UserContext, team: Team): Promise<void> {
  const declined = await deleteMember(ctx.store.db, team, ctx.actor.userId, { state: 'invited' });
  if (!declined) throw invitationNotFound();
}
