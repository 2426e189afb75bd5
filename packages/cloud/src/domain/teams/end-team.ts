import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { type AccountServices, announce, deleteTokensOf } from '../accounts/index.ts';
import { deleteApiUsers } from './api-user-store.ts';
import { deleteMembers } from './member-store.ts';
import { type Team, teamChanges } from './team.ts';

/**
 * Ends the team of a product or organization that is being deleted: members, invitations, API users and their tokens.
 * @param db the transaction that deletes the place
 * @returns what to call after the commit: it tells caches and streams.
 */
export async function endTeam(
  services: Pick<AccountServices, 'tokens' | 'bus'>,
  db: Kysely<Tables>,
  team: Team,
): Promise<() => void> {
  const members = await deleteMembers(db, team);
  const apiUsers = await deleteApiUsers(db, team);
  const tokens: Awaited<ReturnType<typeof deleteTokensOf>> = [];
  for (const id of apiUsers) tokens.push(...(await deleteTokensOf(db, { kind: 'api_user', id })));
  return () => {
    announce(services, tokens);
    for (const memberId of [...members, ...apiUsers]) {
      services.bus.publish(teamChanges, { kind: team.kind, id: team.id, memberId });
    }
  };
}
