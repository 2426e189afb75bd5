import { formatTimestamp, oauthRoutes } from '@cloudchamber/contract';
import {
  type AccountServices,
  getCurrentToken,
  grantToken,
  listTokens,
  revokeCurrentToken,
  revokePresentedToken,
  revokeTokenById,
  revokeTokensOf,
  subjectIdOf,
  type TokenSubject,
} from '../../domain/accounts/index.ts';
import type { TokenActor } from '../../domain/context.ts';
import { customerGrants } from '../../domain/customers/index.ts';
import { clientCredentials } from '../client-credentials.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import type { AccountHooks } from './account-hooks.ts';

const OK = { ok: true as const };
const TOKEN_ID = /^[0-9a-f]{24}$/i;

/** Logging in and token management: section 6 of the API notes. */
export function tokenRouteModule(services: AccountServices, hooks: Pick<AccountHooks, 'organizations'>): RouteModule {
  const grants = { ...services, customers: customerGrants };
  return (app) => {
    registerRoute(app, oauthRoutes.createToken, async ({ ctx, body, request, reply }) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      const issued = await grantToken(ctx, grants, {
        grantType: body.grant_type,
        client: clientCredentials(request, body),
        username: body.username,
        password: body.password,
        refreshToken: body.refresh_token,
        code: body.code,
        redirectUri: body.redirect_uri,
        codeVerifier: body.code_verifier,
        mfaToken: body.mfa_token,
        otp: body.otp,
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
    registerRoute(app, oauthRoutes.listTokens, async ({ ctx }) => {
      const tokens = await listTokens(ctx, { kind: 'user', id: ctx.account.userId });
      return tokens.map((token) => ({
        token: token.id,
        expires_at: timeOrNull(token.expiresAt),
        client: token.clientId,
        created_at: formatTimestamp(token.createdAt),
      }));
    });
    registerRoute(app, oauthRoutes.getCurrentToken, async ({ ctx }) => {
      const token = await getCurrentToken(ctx);
      return {
        token: token.id,
        expires_at: timeOrNull(token.expiresAt),
        client: token.clientId,
        client_id: token.clientId,
        scopes: [...scopesOf(ctx.actor)],
        orgs: (await hooks.organizations(ctx)).map(({ id, slug }) => ({ id, slug })),
      };
    });
    registerRoute(app, oauthRoutes.deleteCurrentToken, async ({ ctx }) => {
      await revokeCurrentToken(ctx, services);
      return OK;
    });
    registerRoute(app, oauthRoutes.deleteAllTokens, async ({ ctx }) => {
      await revokeTokensOf(ctx, services, subjectOf(ctx.actor));
      return OK;
    });
    registerRoute(app, oauthRoutes.deleteToken, async ({ ctx, params, request }) => {
      if (!TOKEN_ID.test(params.token)) {
        await revokePresentedToken(ctx, services, params.token);
        return OK;
      }
      const { userId } = await app.authenticator.basic(request);
      await revokeTokenById(ctx, services, { kind: 'user', id: userId }, params.token.toLowerCase());
      return OK;
    });
  };
}

function subjectOf(actor: TokenActor): TokenSubject {
  return { kind: actor.kind, id: subjectIdOf(actor) };
}

/** Of those tokens whose scopes do not follow from a role: API users' and products'. */
function scopesOf(actor: TokenActor): readonly string[] {
  return actor.kind === 'api_user' || actor.kind === 'product' ? (actor.scopes ?? []) : [];
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTimestamp(ms);
}
