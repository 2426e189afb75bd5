import type { Output } from '@cloudchamber/contract';
import { api } from '../../data/api.ts';
import type { Place } from '../../data/place.ts';
import { reading } from '../../data/query.ts';

/** A place that has a team. */
export type TeamPlace = Exclude<Place, { readonly kind: 'sandbox' }>;

type Members = Output<'listProductTeam'>['team'];
export type Member = Members[number];

/** The roles that a member can be given, strongest first, with what each may do. */
export const ROLES = [
  { name: 'Administrator', may: 'Everything but moving and deleting the place: the team, settings, the audit log' },
  { name: 'Developer', may: 'Devices, groups, firmware and releases, customers, integrations, OAuth clients' },
  { name: 'Support', may: 'Looks at everything, calls functions, reads variables, pings devices' },
  { name: 'View-only', may: 'Looks at everything, and changes nothing' },
] as const;

/** Operations that read a team. */
export const TEAM_READS = ['listProductTeam', 'listOrganizationTeam'] as const;

export function teamQuery(place: TeamPlace) {
  return place.kind === 'product'
    ? reading('listProductTeam', { params: { productIdOrSlug: place.product } })
    : reading('listOrganizationTeam', { params: { orgIdOrSlug: place.organization } });
}

/** What changes a team, as the API has it for the place. Each rejects with `ApiError`. */
export function teamChanges(place: TeamPlace) {
  if (place.kind === 'product') {
    const at = { productIdOrSlug: place.product };
    const member = (username: string) => ({ params: { ...at, username } });
    return {
      invite: (username: string, role: string) =>
        api.call('inviteToProductTeam', { params: at, body: { username, role } }),
      createApiUser: (friendly_name: string, scopes: string[]) =>
        api.call('inviteToProductTeam', { params: at, body: { friendly_name, scopes } }),
      changeRole: (username: string, role: string) =>
        api.call('changeProductTeamRole', { ...member(username), body: { role } }),
      updateApiUser: (username: string, change: { friendly_name?: string; scopes?: string[] }) =>
        api.call('updateProductApiUser', { ...member(username), body: change }),
      renewToken: (username: string) => api.call('renewProductApiUserToken', member(username)),
      remove: (username: string) => api.call('removeFromProductTeam', member(username)),
    };
  }
  const at = { orgIdOrSlug: place.organization };
  const member = (username: string) => ({ params: { ...at, username } });
  return {
    invite: (username: string, role: string) =>
      api.call('inviteToOrganizationTeam', { params: at, body: { username, role } }),
    createApiUser: (friendly_name: string, scopes: string[]) =>
      api.call('inviteToOrganizationTeam', { params: at, body: { friendly_name, scopes } }),
    changeRole: (username: string, role: string) =>
      api.call('changeOrganizationTeamRole', { ...member(username), body: { role } }),
    updateApiUser: (username: string, change: { friendly_name?: string; scopes?: string[] }) =>
      api.call('updateOrganizationApiUser', { ...member(username), body: change }),
    renewToken: (username: string) => api.call('renewOrganizationApiUserToken', member(username)),
    remove: (username: string) => api.call('removeFromOrganizationTeam', member(username)),
  };
}

/** @returns the token of an API user that the reply has: it is shown this once */
export function tokenOf(reply: Output<'inviteToProductTeam'> | Output<'updateProductApiUser'>): string | undefined {
  const user = 'created' in reply ? reply.created : 'updated' in reply ? reply.updated : undefined;
  return user?.tokens[0]?.token;
}
