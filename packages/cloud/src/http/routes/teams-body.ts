import type { Role } from '../../domain/authorization/index.ts';
import type { ApiUser, ApiUserWithToken, StoredMembership, TeamMember } from '../../domain/teams/index.ts';

/** Clients see the owner as an administrator who cannot be removed. */
const SHOWN: Readonly<Record<Role, { readonly id: string; readonly name: string }>> = {
  Owner: { id: '52e4c5a30000000000000001', name: 'Administrator' },
  Administrator: { id: '52e4c5a30000000000000001', name: 'Administrator' },
  Developer: { id: '52e4c5a30000000000000002', name: 'Developer' },
  Support: { id: '52e4c5a30000000000000003', name: 'Support' },
  'View-only': { id: '52e4c5a30000000000000004', name: 'View-only' },
};

export function renderRole(role: Role) {
  return SHOWN[role];
}

/** A member of a team as section 5 of the product notes has it; of somebody who is only invited no more than the name. */
export function renderMember(member: TeamMember) {
  const { username } = member;
  const role = renderRole(member.role);
  if (member.pending) return { username, role, pending: true as const };
  return {
    _id: member.userId,
    username,
    no_mfa: !member.mfa,
    scim_provisioned: false,
    no_password: false,
    role,
    ...(member.role === 'Owner' && { is_owner: true as const }),
  };
}

export function renderApiUser(apiUser: ApiUser) {
  const { username, friendlyName, scopes, team } = apiUser;
  return {
    username,
    friendly_name: friendlyName,
    scopes: [...scopes],
    is_programmatic: true as const,
    ...(team.kind === 'product' && { product_id: Number(team.id) }),
  };
}

/** With its token, where that is new. */
export function renderNewApiUser({ apiUser, token }: ApiUserWithToken) {
  const { product_id, ...body } = renderApiUser(apiUser);
  return { ...body, tokens: token === undefined ? [] : [{ token }] };
}

/** A membership in the description of an account. */
export function renderMembership(membership: StoredMembership) {
  const { kind, id, name, slug, role } = membership;
  return { team_kind: kind, team_id: id, name, slug, role: renderRole(role) };
}
