import { z } from 'zod';
import { defineRoute, type Method } from './define-route.ts';
import { okBody, timestampField } from './fields.ts';
import type { Scope } from './scopes.ts';

const tag = 'teams';

const roleBody = z.object({
  id: z.string().describe('Stays the same for a role, on every server.'),
  name: z
    .string()
    .describe('`Administrator`, `Developer`, `Support` or `View-only`; the owner shows as Administrator.'),
});

const teamMember = z
  .object({
    _id: z.string().optional().describe('The account; left out while the invitation is not accepted.'),
    username: z.string(),
    no_mfa: z.boolean().optional().describe('Logs in without a second factor.'),
    scim_provisioned: z.boolean().optional(),
    no_password: z.boolean().optional(),
    role: roleBody.optional(),
    is_owner: z.literal(true).optional().describe('Cannot be removed or changed.'),
    pending: z.literal(true).optional().describe('Invited, and has not answered yet.'),
    friendly_name: z.string().optional().describe('Of an API user, like the next three.'),
    scopes: z.array(z.string()).optional(),
    is_programmatic: z.literal(true).optional(),
    product_id: z.int().optional(),
  })
  .meta({ id: 'TeamMember' });

const apiUserBody = z.object({
  username: z.string(),
  friendly_name: z.string(),
  scopes: z.array(z.string()),
  is_programmatic: z.literal(true),
  tokens: z
    .array(z.object({ token: z.string() }))
    .describe('The one token of it, when it is new. It never expires and is shown this once.'),
});

/** A list as JSON clients send it; as a form also several fields of one name, or one text with commas or spaces. */
const scopesField = z
  .union([z.array(z.string().max(100)).max(200), z.string().max(5000)])
  .transform((given) => (typeof given === 'string' ? given.split(/[\s,]+/) : given));

const longestName = 254;
const roleField = z.string().max(40).describe('Administrator, Developer, Support or View-only.');
const inviteBody = z.object({
  username: z.string().min(1).max(longestName).optional().describe('The e-mail of the account to invite.'),
  role: roleField.optional(),
  friendly_name: z.string().max(1000).optional().describe('Of the API user to make; goes with scopes.'),
  scopes: scopesField.optional(),
});

const invited = okBody.extend({ invited: z.object({ username: z.string(), role: roleBody }) });
const created = okBody.extend({ created: apiUserBody });
const updated = okBody.extend({ updated: apiUserBody });

const administrator = { id: '52e4c5a30000000000000001', name: 'Administrator' };
const robot = {
  username: 'dashboard+k3j9x02mzp@api.cloud.example.net',
  friendly_name: 'dashboard',
  scopes: ['devices:list', 'events:get'],
  is_programmatic: true,
};
const newToken = { tokens: [{ token: '4e9f1c2ab37d5068e1f2a3b4c5d6e7f8091a2b3c' }] };

const noMember = 'There is nobody with that name in the team.';
const tooStrong =
  'The role does not include the scope; or somebody would give, or change what has, a permission that he lacks; or it is the owner.';

/** The routes of a team under one kind of place. */
function teamRoutesOf<A extends 'product' | 'organization', P extends z.ZodRawShape>(
  access: A,
  name: string,
  base: string,
  place: P,
) {
  const at = <M extends Method, S extends Scope>(method: M, scope: S) => ({ tag, access, method, scope });
  const placeParams = z.object(place);
  const memberParams = z.object({ ...place, username: z.string().max(longestName) });
  return {
    list: defineRoute({
      ...at('GET', 'teams.users:list'),
      operation: `list${name}Team`,
      path: `${base}/team`,
      summary: `Members, invited ones and API users of ${access === 'product' ? 'a product' : 'an organization'}`,
      description: 'The owner comes first. A product does not list the members of the organization that owns it.',
      params: placeParams,
      responses: { 200: okBody.extend({ team: z.array(teamMember) }) },
      example: {
        response: {
          ok: true,
          team: [
            {
              _id: '5f1e2d3c4b5a697887960001',
              username: 'ann@example.net',
              no_mfa: false,
              scim_provisioned: false,
              no_password: false,
              role: administrator,
              is_owner: true,
            },
            { ...robot, ...(access === 'product' && { product_id: 1042 }) },
          ],
        },
      },
    }),
    invite: defineRoute({
      ...at('POST', 'teams.users:invite'),
      operation: `inviteTo${name}Team`,
      path: `${base}/team`,
      summary: 'Invite an account, or make an API user',
      description:
        'With `username` an account is invited: it gets a mail, and is a member once it accepts. The role is Administrator when none is given. With `friendly_name` and `scopes` an API user is made: a program with one token that never expires, which may call only routes of its scopes.',
      params: placeParams,
      body: inviteBody,
      responses: { 200: z.union([invited, created]) },
      errors: {
        400: 'A role or scope that does not exist, or neither username nor friendly_name.',
        403: tooStrong,
        404: 'Nobody has an account with that e-mail.',
        409: 'Invited or a member already; or the team is full.',
        503: 'The mail cannot be sent; nobody was invited.',
      },
      example: {
        body: { username: 'bob@example.net', role: 'Developer' },
        response: {
          ok: true,
          invited: { username: 'bob@example.net', role: { id: '52e4c5a30000000000000002', name: 'Developer' } },
        },
      },
    }),
    changeRole: defineRoute({
      ...at('POST', 'teams.users:update'),
      operation: `change${name}TeamRole`,
      path: `${base}/team/:username`,
      summary: 'Give a member another role',
      params: memberParams,
      body: z.object({ role: roleField }),
      responses: { 200: okBody },
      errors: { 400: 'A role that does not exist.', 403: tooStrong, 404: noMember, 409: 'Changed by somebody else.' },
      example: { body: { role: 'View-only' }, response: { ok: true } },
    }),
    updateApiUser: defineRoute({
      ...at('PUT', 'teams.users:update'),
      operation: `update${name}ApiUser`,
      path: `${base}/team/:username`,
      summary: 'Rename an API user, or give it other scopes',
      description: 'Other scopes replace its token: the old one stops working, and the reply has the new one.',
      params: memberParams,
      body: z.object({ friendly_name: z.string().max(1000).optional(), scopes: scopesField.optional() }),
      responses: { 200: updated },
      errors: { 400: 'A scope that does not exist, or nothing to change.', 403: tooStrong, 404: 'No such API user.' },
      example: {
        body: { scopes: ['devices:list', 'events:get'] },
        response: { ok: true, updated: { ...robot, ...newToken } },
      },
    }),
    renewToken: defineRoute({
      ...at('PUT', 'teams.users:update'),
      operation: `renew${name}ApiUserToken`,
      path: `${base}/team/:username/token`,
      summary: 'Replace the token of an API user',
      params: memberParams,
      responses: { 200: updated },
      errors: { 403: tooStrong, 404: 'No such API user.' },
      example: { response: { ok: true, updated: { ...robot, ...newToken } } },
    }),
    remove: defineRoute({
      ...at('DELETE', 'teams.users:remove'),
      operation: `removeFrom${name}Team`,
      path: `${base}/team/:username`,
      summary: 'Remove a member, an invitation or an API user',
      description: 'Works at once: requests are refused and streams end.',
      params: memberParams,
      responses: { 200: okBody },
      errors: { 403: tooStrong, 404: noMember },
      example: { response: { ok: true } },
    }),
  };
}

const product = teamRoutesOf('product', 'Product', '/v1/products/:productIdOrSlug', { productIdOrSlug: z.string() });
const organization = teamRoutesOf('organization', 'Organization', '/v1/orgs/:orgIdOrSlug', {
  orgIdOrSlug: z.string(),
});

const membershipParams = z.object({
  teamKind: z.enum(['product', 'organization']),
  teamId: z.string().max(40).describe('As in the list.'),
});
/** A team that an account is in, or is invited to. */
export const membershipShape = {
  team_kind: z.enum(['product', 'organization']),
  team_id: z.string(),
  name: z.string(),
  slug: z.string(),
  role: roleBody,
};
const greenhouse = { team_kind: 'product', team_id: '1042', name: 'Greenhouse', slug: 'greenhouse-v1' };
const noInvitation = 'There is no such invitation, or no more.';

const listInvitations = defineRoute({
  operation: 'listInvitations',
  tag,
  method: 'GET',
  path: '/v1/user/invitations',
  summary: 'Teams that the account is invited to',
  access: 'user',
  responses: {
    200: okBody.extend({
      invitations: z.array(
        z.object({
          ...membershipShape,
          invited_by: z.string().nullable().describe('The e-mail of the inviter; null for a program.'),
          created_at: timestampField,
        }),
      ),
    }),
  },
  example: {
    response: {
      ok: true,
      invitations: [
        {
          ...greenhouse,
          role: administrator,
          invited_by: 'ann@example.net',
          created_at: '2026-03-02T09:30:00.000Z',
        },
      ],
    },
  },
});

const acceptInvitation = defineRoute({
  operation: 'acceptInvitation',
  tag,
  method: 'POST',
  path: '/v1/user/invitations/:teamKind/:teamId/accept',
  summary: 'Become a member of a team',
  access: 'user',
  params: membershipParams,
  responses: { 200: okBody },
  errors: { 404: noInvitation },
  example: { response: { ok: true } },
});

const declineInvitation = defineRoute({
  operation: 'declineInvitation',
  tag,
  method: 'POST',
  path: '/v1/user/invitations/:teamKind/:teamId/decline',
  summary: 'Refuse an invitation',
  access: 'user',
  params: membershipParams,
  responses: { 200: okBody },
  errors: { 404: noInvitation },
  example: { response: { ok: true } },
});

const leaveTeam = defineRoute({
  operation: 'leaveTeam',
  tag,
  method: 'DELETE',
  path: '/v1/user/memberships/:teamKind/:teamId',
  summary: 'Leave a team',
  description: 'For members of every role. The owner of a place is no member in this sense and cannot leave it.',
  access: 'user',
  params: membershipParams,
  responses: { 200: okBody },
  errors: { 404: 'The account is not in that team.' },
  example: { response: { ok: true } },
});

export const teamRoutes = {
  listProductTeam: product.list,
  inviteToProductTeam: product.invite,
  changeProductTeamRole: product.changeRole,
  updateProductApiUser: product.updateApiUser,
  renewProductApiUserToken: product.renewToken,
  removeFromProductTeam: product.remove,
  listOrganizationTeam: organization.list,
  inviteToOrganizationTeam: organization.invite,
  changeOrganizationTeamRole: organization.changeRole,
  updateOrganizationApiUser: organization.updateApiUser,
  renewOrganizationApiUserToken: organization.renewToken,
  removeFromOrganizationTeam: organization.remove,
  listInvitations,
  acceptInvitation,
  declineInvitation,
  leaveTeam,
};
