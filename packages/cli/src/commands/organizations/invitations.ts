import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';
import { confirm } from '../../prompts/confirm.ts';

const load = () => import('../../services/teams/find-invitation.ts');
const args = { team: argument('Id or slug of the product or organization') };
const json = '`{ team_kind, team_id }`';

export const invitationList = defineCommand({
  name: 'invitation list',
  summary: 'List the teams that you are invited to',
  json: '`{ invitations }`',
  async run(_input, { cloud, out }) {
    const { invitationLines } = await load();
    const { invitations } = await cloud.call('listInvitations');
    out.result({ invitations }, invitationLines(invitations));
  },
});

export const invitationAccept = defineCommand({
  name: 'invitation accept',
  summary: 'Become a member of a team that invited you',
  args,
  json,
  async run({ team }, { cloud, out }) {
    const { findInvitation } = await load();
    const { team_kind: teamKind, team_id: teamId, name, role } = await findInvitation(cloud, team);
    await cloud.call('acceptInvitation', { params: { teamKind, teamId } });
    out.result({ team_kind: teamKind, team_id: teamId }, `You work on ${printable(name)} now, as ${role.name}`);
  },
});

export const invitationDecline = defineCommand({
  name: 'invitation decline',
  summary: 'Refuse an invitation to a team',
  args,
  json,
  async run({ team }, { cloud, out, ask }) {
    const { findInvitation } = await load();
    const { team_kind: teamKind, team_id: teamId, name } = await findInvitation(cloud, team);
    await confirm(ask, `Refuse the invitation to ${printable(name)}?`);
    await cloud.call('declineInvitation', { params: { teamKind, teamId } });
    out.result({ team_kind: teamKind, team_id: teamId }, `Refused the invitation to ${printable(name)}`);
  },
});
