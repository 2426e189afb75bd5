import type { Command } from '../../program/define-command.ts';
import { invitationAccept, invitationDecline, invitationList } from './invitations.ts';
import { orgCreate, orgDelete, orgList, orgProducts, orgRename, orgShow } from './organizations.ts';
import { organizationArgument } from './parameters.ts';
import { teamCommands } from './team-commands.ts';

export const organizationsCommands: readonly Command[] = [
  orgList,
  orgShow,
  orgCreate,
  orgRename,
  orgDelete,
  orgProducts,
  ...teamCommands({
    noun: 'org',
    place: organizationArgument,
    example: 'acme',
    open: async (cloud, place) => (await import('../../services/teams/team.ts')).organizationTeam(cloud, place),
  }),
  invitationList,
  invitationAccept,
  invitationDecline,
];
