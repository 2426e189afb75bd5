import { accountRoutes } from '@cloudchamber/contract';
import { type AccountServices, disableMfa, disableMfaOf, enableMfa, offerMfa } from '../../domain/accounts/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** The second factor of an account: section 7 of the API notes. */
export function mfaRouteModule(services: AccountServices): RouteModule {
  return (app) => {
    registerRoute(app, accountRoutes.offerMfa, async ({ ctx, reply }) => {
      reply.header('cache-control', 'no-store');
      const { mfaToken, uri, secret } = await offerMfa(ctx, services);
      return { mfa_token: mfaToken, qr_url: uri, secret };
    });
    registerRoute(app, accountRoutes.enableMfa, async ({ ctx, body, reply }) => {
      reply.header('cache-control', 'no-store');
      const { mfa_token: mfaToken, otp, invalidate_tokens: invalidateTokens = false } = body;
      return { enrolled: true as const, tokens: await enableMfa(ctx, services, { mfaToken, otp, invalidateTokens }) };
    });
    registerRoute(app, accountRoutes.disableMfa, async ({ ctx, body, request }) => {
      await disableMfa(ctx, services, { password: body.current_password, address: request.ip });
      return { ok: true as const };
    });
    registerRoute(app, accountRoutes.disableUserMfa, async ({ ctx, params }) => {
      await disableMfaOf(ctx, services, params.username);
      return { ok: true as const };
    });
  };
}
