import type { Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';

export type Invitation = Output<'listInvitations'>['invitations'][number];

/** The invitation to a team, by id or slug of its product or organization. @throws CliError of kind `not-found`, or `usage` when both have one of that name */
export async function findInvitation(cloud: Pick<Cloud, 'call'>, team: string): Promise<Invitation> {
  const { invitations } = await cloud.call('listInvitations');
  const [found, other] = invitations.filter(({ team_id: id, slug }) => id === team || slug === team);
  if (found === undefined) {
    throw new CliError('not-found', `You are not invited to "${team}"`, { next: 'See "chamber invitation list".' });
  }
  if (other !== undefined) throw usageError(`A product and an organization are called "${team}": name it by its id`);
  return found;
}

/** A line for each. */
export function invitationLines(invitations: readonly Invitation[]): string[] {
  const rows = invitations.map(({ team_kind: kind, slug, name, role, invited_by: by }) => [
    kind,
    printable(slug),
    printable(name),
    role.name,
    printable(by ?? '-'),
  ]);
  return rows.length === 0 ? ['No invitations'] : tableOf(['Kind', 'Slug', 'Name', 'Role', 'Invited by'], rows);
}
