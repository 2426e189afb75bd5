import type { Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import { findProduct, inOrganization, inProduct } from '../products/find-product.ts';
import type { Role } from './roles.ts';

export type Member = Output<'listProductTeam'>['team'][number];

/** Who works on a product or in an organization. Every method throws CliError of kind `not-found` when the place is unknown. */
export interface Team {
  list(): Promise<readonly Member[]>;
  /** Sends an invitation by mail. @param username e-mail of an account */
  invite(username: string, role: Role): Promise<void>;
  changeRole(username: string, role: Role): Promise<void>;
  /** Also invitations and API users. */
  remove(username: string): Promise<void>;
}

/** @param product id or slug */
export function productTeam({ call }: Pick<Cloud, 'call'>, product: string): Team {
  const place = { productIdOrSlug: product };
  return {
    list: async () => (await inProduct(product, call('listProductTeam', { params: place }))).team,
    async invite(username, role) {
      await inProduct(product, call('inviteToProductTeam', { params: place, body: { username, role } }));
    },
    async changeRole(username, role) {
      const params = { ...place, username };
      await inProduct(product, call('changeProductTeamRole', { params, body: { role } }));
    },
    async remove(username) {
      await inProduct(product, call('removeFromProductTeam', { params: { ...place, username } }));
    },
  };
}

/** @param organization id or slug */
export function organizationTeam({ call }: Pick<Cloud, 'call'>, organization: string): Team {
  const place = { orgIdOrSlug: organization };
  return {
    list: async () => (await inOrganization(organization, call('listOrganizationTeam', { params: place }))).team,
    async invite(username, role) {
      const body = { username, role };
      await inOrganization(organization, call('inviteToOrganizationTeam', { params: place, body }));
    },
    async changeRole(username, role) {
      const params = { ...place, username };
      await inOrganization(organization, call('changeOrganizationTeamRole', { params, body: { role } }));
    },
    async remove(username) {
      await inOrganization(organization, call('removeFromOrganizationTeam', { params: { ...place, username } }));
    },
  };
}

/** Takes the caller out of a team. @param place id or slug @throws CliError of kind `not-found` when the place is unknown */
export async function leaveTeam(
  cloud: Pick<Cloud, 'call'>,
  teamKind: 'product' | 'organization',
  place: string,
): Promise<{ readonly team_kind: 'product' | 'organization'; readonly team_id: string }> {
  const teamId =
    teamKind === 'product'
      ? String((await findProduct(cloud, place)).id)
      : (await inOrganization(place, cloud.call('getOrganization', { params: { orgIdOrSlug: place } }))).organization
          .id;
  await cloud.call('leaveTeam', { params: { teamKind, teamId } });
  return { team_kind: teamKind, team_id: teamId };
}

/** A line for each member. */
export function teamLines(team: readonly Member[]): string[] {
  const rows = team.map((member) => [printable(member.username), roleOf(member), stateOf(member)]);
  return tableOf(['Username', 'Role', 'State'], rows);
}

function roleOf({ is_owner: owner, is_programmatic: program, role, friendly_name: name }: Member): string {
  if (owner) return 'Owner';
  return program ? `API user ${printable(name ?? '')}`.trim() : (role?.name ?? '-');
}

function stateOf({ pending, is_programmatic: program, no_mfa: noMfa }: Member): string {
  if (pending) return 'invited';
  return !program && noMfa === true ? 'member, no second factor' : 'member';
}
