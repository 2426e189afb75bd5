import { accountRoutes } from '@cloudchamber/contract';
import {
  type AccountServices,
  createClient,
  deleteClient,
  listClients,
  type OauthClient,
  updateClient,
} from '../../domain/accounts/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** OAuth clients of an account: section 8 of the API notes. */
export function clientRouteModule(services: AccountServices): RouteModule {
  return (app) => {
    registerRoute(app, accountRoutes.listClients, async ({ ctx }) => ({
      ok: true as const,
      clients: (await listClients(ctx)).map(renderClient),
    }));
    registerRoute(app, accountRoutes.createClient, async ({ ctx, body, reply }) => {
      reply.header('cache-control', 'no-store');
      const { redirect_uri: redirectUri, ...rest } = body;
      const { client, secret } = await createClient(ctx, { ...rest, redirectUri });
      return { ok: true as const, client: { ...renderClient(client), secret } };
    });
    registerRoute(app, accountRoutes.updateClient, async ({ ctx, params, body }) => {
      const client = renderClient(await updateClient(ctx, params.clientId, body));
      return { ok: true as const, ...client, client };
    });
    registerRoute(app, accountRoutes.deleteClient, async ({ ctx, params }) => {
      await deleteClient(ctx, services, params.clientId);
      return undefined;
    });
  };
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
