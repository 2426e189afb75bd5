import { oauthRoutes } from '@cloudchamber/contract';
import {
  type AccountServices,
  type ClientOwner,
  createClient,
  deleteClient,
  isFullScope,
  listClients,
  type OauthClient,
  parseClientScope,
  updateClient,
} from '../../domain/accounts/index.ts';
import { permissionDenied } from '../../domain/authorization/index.ts';
import type { ProductTokenRole, UserContext } from '../../domain/context.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** OAuth clients of an account or product: section 8 of the API notes. */
export function clientRouteModule(services: AccountServices): RouteModule {
  return (app) => {
    registerRoute(app, oauthRoutes.listClients, async ({ ctx }) => renderList(await listClients(ctx, accountOf(ctx))));
    registerRoute(app, oauthRoutes.createClient, async ({ ctx, body, reply }) => {
      reply.header('cache-control', 'no-store');
      return renderCreated(await createClient(ctx, accountOf(ctx), newClient(body)));
    });
    registerRoute(app, oauthRoutes.updateClient, async ({ ctx, params, body }) =>
      renderChanged(await updateClient(ctx, accountOf(ctx), params.clientId, body)),
    );
    registerRoute(app, oauthRoutes.deleteClient, async ({ ctx, params }) => {
      await deleteClient(ctx, services, accountOf(ctx), params.clientId);
      return undefined;
    });
    registerRoute(app, oauthRoutes.listProductClients, async ({ ctx }) =>
      renderList(await listClients(ctx, productOf(ctx))),
    );
    registerRoute(app, oauthRoutes.createProductClient, async ({ ctx, body, reply }) => {
      reply.header('cache-control', 'no-store');
      checkGiven(ctx, body.scope);
      return renderCreated(await createClient(ctx, productOf(ctx), { ...newClient(body), role: tokenRoleOf(ctx) }));
    });
    registerRoute(app, oauthRoutes.updateProductClient, async ({ ctx, params, body }) => {
      if (body.scope !== undefined) checkGiven(ctx, body.scope);
      return renderChanged(
        await updateClient(ctx, productOf(ctx), params.clientId, { ...body, role: tokenRoleOf(ctx) }),
      );
    });
    registerRoute(app, oauthRoutes.deleteProductClient, async ({ ctx, params }) => {
      await deleteClient(ctx, services, productOf(ctx), params.clientId);
      return undefined;
    });
  };
}

const accountOf = (ctx: UserContext): ClientOwner => ({ kind: 'user', id: ctx.actor.userId });
const productOf = (ctx: ProductContext): ClientOwner => ({ kind: 'product', id: ctx.product.id });

/** Nobody makes a token that may do more than he: clients of an owner or administrator act as an administrator, all others as a developer. */
function tokenRoleOf({ actor, role }: ProductContext): ProductTokenRole {
  if (actor.kind === 'product') return actor.role;
  return role === 'Owner' || role === 'Administrator' ? 'Administrator' : 'Developer';
}

/** An API user has a list of what it may do; a client that may do everything would be a way around it. */
function checkGiven(ctx: ProductContext, scope: string | undefined): void {
  if (ctx.actor.kind === 'api_user' && isFullScope(parseClientScope(scope))) throw permissionDenied();
}

interface ClientBody {
  readonly name: string;
  readonly type: 'installed' | 'web';
  readonly redirect_uri?: string | undefined;
  readonly scope?: string | undefined;
}

function newClient({ redirect_uri: redirectUri, ...rest }: ClientBody) {
  return { ...rest, redirectUri };
}

function renderList(clients: readonly OauthClient[]) {
  return { ok: true as const, clients: clients.map(renderClient) };
}

function renderCreated({ client, secret }: { readonly client: OauthClient; readonly secret: string }) {
  return { ok: true as const, client: { ...renderClient(client), secret } };
}

function renderChanged(changed: OauthClient) {
  const client = renderClient(changed);
  return { ok: true as const, ...client, client };
}

function renderClient(client: OauthClient) {
  return {
    name: client.name,
    type: client.type,
    id: client.id,
    ...(client.redirectUri !== null && { redirect_uri: client.redirectUri }),
    ...(client.scope !== null && { scope: client.scope }),
  };
}
