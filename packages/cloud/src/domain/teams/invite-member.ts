import { type AccountServices, findUserByName } from '../accounts/index.ts';
import { permissionDenied, type Role, scopesOfRole } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import { type Mail, sendMail } from '../mail/index.ts';
import { requirePermissions } from './api-user.ts';
import { countMembers, deleteMember, insertMember } from './member-store.ts';
import { parseRole } from './role-choice.ts';
import type { TeamContext } from './team.ts';
import { lockTeam } from './team-store.ts';

/** No list is longer, whatever the limit. */
const MOST_MEMBERS = 1000;

export interface Invitation {
  /** The e-mail of an account, compared without case. */
  readonly username: string;
  /** The name of a role; Administrator when left out, which is what every member was before there were roles. */
  readonly role?: string | undefined;
}

/**
 * Invites an account to the team and sends it a mail; it is no member before it accepts (PRD-08). The caller has entered with teams.users:invite.
 * @returns the e-mail as the account has it.
 * @throws DomainError `invalid_role`; `permission_denied` for a role stronger than the caller's; `user_not_found` when nobody has that e-mail;
 * `already_member` (also when invited already); `team_full` (PRD-09); `mail_unavailable`, and then nobody is invited.
 */
export async function inviteMember(
  ctx: TeamContext,
  services: Pick<AccountServices, 'mailer' | 'publicUrl'>,
  input: Invitation,
): Promise<{ username: string; role: Role }> {
  const { team, store } = ctx;
  const role = parseRole(input.role ?? 'Administrator');
  requirePermissions(ctx, scopesOfRole[role], 'give');
  const invitee = await findUserByName(ctx, input.username);
  if (invitee === undefined) throw noAccount();
  if (invitee.id === team.ownerId) throw alreadyMember(invitee.username);
  await store.db.transaction().execute(async (db) => {
    if (!(await lockTeam(db, team))) throw permissionDenied();
    const inserted = await insertMember(db, {
      team_kind: team.kind,
      team_id: team.id,
      user_id: invitee.id,
      role,
      state: 'invited',
      invited_by: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
      created_at: ctx.clock.now(),
      accepted_at: null,
    });
    if (!inserted) throw alreadyMember(invitee.username);
    const people = (await countMembers(db, team)) + (team.ownerId === undefined ? 0 : 1);
    if (team.limit > 0 && people > team.limit) throw teamFull(team.limit);
    if (people > MOST_MEMBERS) throw teamFull(MOST_MEMBERS);
  });
  try {
    await sendMail(ctx, services.mailer, invitationMail(ctx, services.publicUrl, invitee.username, role));
  } catch (error) {
    await deleteMember(store.db, team, invitee.id, { state: 'invited' });
    throw error;
  }
  return { username: invitee.username, role };
}

function invitationMail(ctx: TeamContext, publicUrl: string, to: string, role: Role): Mail {
  const { team, actor } = ctx;
  const place = `the ${team.kind} "${team.name.replace(/\s+/g, ' ')}"`;
  const inviter = actor.kind === 'user' ? actor.username : 'Its team';
  return {
    to,
    subject: `Invitation to the team of ${place}`,
    text: [
      `${inviter} invites you to the team of ${place}, with the role ${role}.`,
      '',
      `Log in at ${publicUrl} to accept or decline the invitation.`,
      'If you did not expect it, you need do nothing: without your answer you are not in the team.',
      '',
    ].join('\n'),
  };
}

function noAccount(): DomainError {
  const message = 'There is no account with that e-mail address; whom you invite must sign up first';
  return new DomainError('not_found', 'user_not_found', message);
}

function alreadyMember(username: string): DomainError {
  return new DomainError('conflict', 'already_member', `${username} is in this team, or invited to it, already`);
}

function teamFull(limit: number): DomainError {
  const message = `This team is full: ${limit} people at most, invited ones counted. Remove somebody first`;
  return new DomainError('conflict', 'team_full', message);
}
