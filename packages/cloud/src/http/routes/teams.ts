import { formatTimestamp, teamRoutes } from '@cloudchamber/contract';
import type { FastifyReply } from 'fastify';
import type { AccountServices } from '../../domain/accounts/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import type { OrganizationContext } from '../../domain/organizations/index.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import {
  acceptInvitation,
  changeRole,
  createApiUser,
  declineInvitation,
  inviteMember,
  leaveTeam,
  listInvitations,
  listTeam,
  removeMember,
  renewApiUserToken,
  type Team,
  type TeamContext,
  updateApiUser,
} from '../../domain/teams/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { renderApiUser, renderMember, renderNewApiUser, renderRole } from './teams-body.ts';

export interface TeamRouteParts {
  readonly accounts: AccountServices;
  /** The most people in the team of an account's product (CHAMBER_TEAM_LIMIT); 0 or nothing for no limit. */
  readonly teamLimit?: number;
}

const OK = { ok: true as const };

interface InviteBody {
  readonly username?: string | undefined;
  readonly role?: string | undefined;
  readonly friendly_name?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** Teams of products and organizations: section 5 of the product notes. */
export function teamRouteModule({ accounts, teamLimit = 0 }: TeamRouteParts): RouteModule {
  const ofProduct = (ctx: ProductContext): TeamContext => productTeam(ctx, teamLimit);

  const list = async (ctx: TeamContext) => {
    const { members, apiUsers } = await listTeam(ctx);
    return { ...OK, team: [...members.map(renderMember), ...apiUsers.map(renderApiUser)] };
  };
  const invite = async (ctx: TeamContext, body: InviteBody, reply: FastifyReply) => {
    const { username, role, friendly_name: friendlyName, scopes } = body;
    if (friendlyName === undefined && scopes === undefined) {
      if (username === undefined) throw nobodyNamed();
      const invited = await inviteMember(ctx, accounts, { username, role });
      return { ...OK, invited: { username: invited.username, role: renderRole(invited.role) } };
    }
    if (username !== undefined || role !== undefined) throw nobodyNamed();
    reply.header('cache-control', 'no-store');
    const created = await createApiUser(ctx, accounts, { friendlyName: friendlyName ?? '', scopes: scopes ?? [] });
    return { ...OK, created: renderNewApiUser(created) };
  };
  const update = async (ctx: TeamContext, username: string, body: InviteBody, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    const change = { friendlyName: body.friendly_name, scopes: body.scopes };
    return { ...OK, updated: renderNewApiUser(await updateApiUser(ctx, accounts, username, change)) };
  };
  const renew = async (ctx: TeamContext, username: string, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    return { ...OK, updated: renderNewApiUser(await renewApiUserToken(ctx, accounts, username)) };
  };

  return (app) => {
    registerRoute(app, teamRoutes.listProductTeam, ({ ctx }) => list(ofProduct(ctx)));
    registerRoute(app, teamRoutes.listOrganizationTeam, ({ ctx }) => list(organizationTeam(ctx)));
    registerRoute(app, teamRoutes.inviteToProductTeam, ({ ctx, body, reply }) => invite(ofProduct(ctx), body, reply));
    registerRoute(app, teamRoutes.inviteToOrganizationTeam, ({ ctx, body, reply }) =>
      invite(organizationTeam(ctx), body, reply),
    );
    registerRoute(app, teamRoutes.changeProductTeamRole, async ({ ctx, params, body }) => {
      await changeRole(ofProduct(ctx), accounts.bus, params.username, body.role);
      return OK;
    });
    registerRoute(app, teamRoutes.changeOrganizationTeamRole, async ({ ctx, params, body }) => {
      await changeRole(organizationTeam(ctx), accounts.bus, params.username, body.role);
      return OK;
    });
    registerRoute(app, teamRoutes.updateProductApiUser, ({ ctx, params, body, reply }) =>
      update(ofProduct(ctx), params.username, body, reply),
    );
    registerRoute(app, teamRoutes.updateOrganizationApiUser, ({ ctx, params, body, reply }) =>
      update(organizationTeam(ctx), params.username, body, reply),
    );
    registerRoute(app, teamRoutes.renewProductApiUserToken, ({ ctx, params, reply }) =>
      renew(ofProduct(ctx), params.username, reply),
    );
    registerRoute(app, teamRoutes.renewOrganizationApiUserToken, ({ ctx, params, reply }) =>
      renew(organizationTeam(ctx), params.username, reply),
    );
    registerRoute(app, teamRoutes.removeFromProductTeam, async ({ ctx, params }) => {
      await removeMember(ofProduct(ctx), accounts, params.username);
      return OK;
    });
    registerRoute(app, teamRoutes.removeFromOrganizationTeam, async ({ ctx, params }) => {
      await removeMember(organizationTeam(ctx), accounts, params.username);
      return OK;
    });
    registerRoute(app, teamRoutes.listInvitations, async ({ ctx }) => ({
      ...OK,
      invitations: (await listInvitations(ctx)).map((invitation) => ({
        team_kind: invitation.kind,
        team_id: invitation.id,
        name: invitation.name,
        slug: invitation.slug,
        role: renderRole(invitation.role),
        invited_by: invitation.invitedBy,
        created_at: formatTimestamp(invitation.createdAt),
      })),
    }));
    registerRoute(app, teamRoutes.acceptInvitation, async ({ ctx, params }) => {
      await acceptInvitation(ctx, teamOf(params));
      return OK;
    });
    registerRoute(app, teamRoutes.declineInvitation, async ({ ctx, params }) => {
      await declineInvitation(ctx, teamOf(params));
      return OK;
    });
    registerRoute(app, teamRoutes.leaveTeam, async ({ ctx, params }) => {
      await leaveTeam(ctx, accounts, teamOf(params));
      return OK;
    });
  };
}

/** Only teams of accounts' products are limited: an organization is not on the free tier (X-4). */
function productTeam(ctx: ProductContext, limit: number): TeamContext {
  const { id, name, owner } = ctx.product;
  const team = { kind: 'product' as const, id: String(id), name };
  return owner.kind === 'user'
    ? { ...ctx, team: { ...team, ownerId: owner.id, limit } }
    : { ...ctx, team: { ...team, ownerId: undefined, limit: 0 } };
}

function organizationTeam(ctx: OrganizationContext): TeamContext {
  const { id, name, ownerId } = ctx.organization;
  return { ...ctx, team: { kind: 'organization', id, name, ownerId, limit: 0 } };
}

function teamOf(params: { readonly teamKind: Team['kind']; readonly teamId: string }): Team {
  return { kind: params.teamKind, id: params.teamId.toLowerCase() };
}

function nobodyNamed(): DomainError {
  const message =
    'Send username (and role) to invite an account, or friendly_name and scopes to make an API user, not both';
  return new DomainError('invalid', 'invalid_request', message);
}
