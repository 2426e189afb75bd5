import { accountRoutes, formatTimestamp } from '@cloudchamber/contract';
import type { FastifyRequest } from 'fastify';
import {
  type AccountServices,
  type GrantRequest,
  getCurrentToken,
  grantToken,
  listTokens,
  revokeAllTokens,
  revokeCurrentToken,
  revokePresentedToken,
  revokeTokenById,
} from '../../domain/accounts/index.ts';
import { basicCredentials } from '../authenticate.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

const OK = { ok: true as const };
const TOKEN_ID = /^[0-9a-f]{24}$/i;

/** Logging in and token management: section 6 of the API notes. */
export function tokenRouteModule(services: AccountServices): RouteModule {
  return (app) => {
    registerRoute(app, accountRoutes.createToken, async ({ ctx, body, request, reply }) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      const issued = await grantToken(ctx, services, {
        grantType: body.grant_type,
        client: clientCredentials(request, body),
        username: body.username,
        password: body.password,
        refreshToken: body.refresh_token,
        scope: body.scope,
        expiresIn: body.expires_in,
        expiresAt: body.expires_at,
        address: request.ip,
      });
      return {
        access_token: issued.accessToken,
        token_type: 'bearer' as const,
        expires_in: issued.expiresInSeconds,
        ...(issued.refreshToken !== undefined && { refresh_token: issued.refreshToken }),
      };
    });
    registerRoute(app, accountRoutes.listTokens, async ({ ctx }) => {
      const tokens = await listTokens(ctx, ctx.account.userId);
      return tokens.map((token) => ({
        token: token.id,
        expires_at: timeOrNull(token.expiresAt),
        client: token.clientId,
      }));
    });
    registerRoute(app, accountRoutes.getCurrentToken, async ({ ctx }) => {
      const token = await getCurrentToken(ctx);
      return {
        expires_at: timeOrNull(token.expiresAt),
        client: token.clientId,
        client_id: token.clientId,
        scopes: [],
        orgs: [],
      };
    });
    registerRoute(app, accountRoutes.deleteCurrentToken, async ({ ctx }) => {
      await revokeCurrentToken(ctx, services);
      return OK;
    });
    registerRoute(app, accountRoutes.deleteAllTokens, async ({ ctx }) => {
      await revokeAllTokens(ctx, services);
      return OK;
    });
    registerRoute(app, accountRoutes.deleteToken, async ({ ctx, params, request }) => {
      if (!TOKEN_ID.test(params.token)) {
        await revokePresentedToken(ctx, services, params.token);
        return OK;
      }
      const { userId } = await app.authenticator.basic(request);
      await revokeTokenById(ctx, services, userId, params.token.toLowerCase());
      return OK;
    });
  };
}

/** HTTP Basic first, then the fields of the form. */
function clientCredentials(
  request: FastifyRequest,
  body: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined },
): GrantRequest['client'] {
  const basic = basicCredentials(request);
  return basic === undefined
    ? { id: body.client_id, secret: body.client_secret, byHeader: false }
    : { id: basic.username, secret: basic.password, byHeader: true };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTimestamp(ms);
}
