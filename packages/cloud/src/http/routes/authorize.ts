import { oauthRoutes } from '@cloudchamber/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type AccountServices,
  type Authorization,
  type AuthorizationRequest,
  allowClient,
  allowClientAs,
  type ConsoleSession,
  denyClient,
  findConsoleSession,
  readAuthorization,
  refusalAddress,
} from '../../domain/accounts/index.ts';
import type { Ambient } from '../../domain/context.ts';
import { customerGrants } from '../../domain/customers/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { statusByKind } from '../error-mapping.ts';
import { refuseForeign } from '../own-origin.ts';
import { passwordConsentPage, sessionConsentPage } from '../pages/consent-page.ts';
import { html } from '../pages/html.ts';
import { sendPage } from '../pages/page.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { csrfOf, isCsrfOf, sessionOf } from '../session-cookie.ts';

/** The consent page: "Login with Cloud Chamber" (PRD-19, RFC 6749 section 4.1). */
export function authorizeRouteModule(services: AccountServices): RouteModule {
  const grants = { ...services, customers: customerGrants };
  return (app) => {
    registerRoute(app, oauthRoutes.showConsent, async ({ ctx, query, request, reply }) =>
      withAuthorization(ctx, reply, query, async (authorization) => {
        const session = query.prompt === 'login' ? undefined : await sessionFor(ctx, request);
        return sendConsent(ctx, reply, { authorization, fields: query, session });
      }),
    );
    registerRoute(app, oauthRoutes.answerConsent, async ({ ctx, body, request, reply }) =>
      withAuthorization(ctx, reply, body, async (authorization) => {
        if (body.decision !== 'allow') return sendOn(reply, denyClient(authorization));
        try {
          return sendOn(reply, await allow(ctx, authorization, body, request));
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          return sendConsent(ctx, reply, { authorization, fields: body, error });
        }
      }),
    );
  };

  /** @returns where the browser goes. @throws DomainError when this is not the account that it says it is, or may not allow that. */
  async function allow(
    ctx: Ambient,
    authorization: Authorization,
    { username = '', password = '', otp, csrf }: Login,
    request: FastifyRequest,
  ): Promise<string> {
    if (csrf === undefined) {
      const credentials = { username, password, otp: otp === '' ? undefined : otp, address: request.ip };
      return allowClient(ctx, grants, authorization, credentials);
    }
    refuseForeign(request, services.publicUrl);
    const session = await sessionFor(ctx, request);
    if (session === undefined || !isCsrfOf(session.token, csrf)) {
      throw new DomainError('forbidden', 'csrf_failed', 'The console is not logged in any more');
    }
    return allowClientAs(ctx, grants, authorization, session);
  }
}

/** The session of the browser that asks; other sites can't make it send one. */
async function sessionFor(ctx: Ambient, request: FastifyRequest): Promise<ConsoleSession | undefined> {
  const token = sessionOf(request);
  return token === undefined ? undefined : findConsoleSession(ctx, token);
}

interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly otp?: string | undefined;
  /** Of the console's session, which then stands for the rest. */
  readonly csrf?: string | undefined;
}

interface Fields {
  readonly response_type?: string | undefined;
  readonly client_id?: string | undefined;
  readonly redirect_uri?: string | undefined;
  readonly scope?: string | undefined;
  readonly state?: string | undefined;
  readonly code_challenge?: string | undefined;
  readonly code_challenge_method?: string | undefined;
}

const NAMES = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const satisfies readonly (keyof Fields)[];

const requestOf = (fields: Fields): AuthorizationRequest => ({
  responseType: fields.response_type,
  clientId: fields.client_id,
  redirectUri: fields.redirect_uri,
  scope: fields.scope,
  state: fields.state,
  codeChallenge: fields.code_challenge,
  codeChallengeMethod: fields.code_challenge_method,
});

/** Serves a request whose client is known and can be served; tells the client or else the person what is wrong with any other. */
async function withAuthorization(
  ctx: Ambient,
  reply: FastifyReply,
  fields: Fields,
  serve: (authorization: Authorization) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  let authorization: Authorization;
  try {
    authorization = await readAuthorization(ctx, requestOf(fields));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const advice = 'Go back, and tell the people who run that program. You have not been logged in anywhere.';
    const body = html`<p>${error.message}.</p><p class="quiet">${advice}</p>`;
    return sendPage(reply, { title: 'This link does not work', body }, { status: statusByKind[error.kind] });
  }
  const { refusal } = authorization;
  return refusal === undefined ? serve(authorization) : sendOn(reply, refusalAddress(authorization, refusal));
}

/** 303: the browser comes with GET, and does not send the password on. */
function sendOn(reply: FastifyReply, address: string): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(address, 303);
}

interface Asked {
  readonly authorization: Authorization;
  readonly fields: Fields & Pick<Login, 'username'>;
  readonly session?: ConsoleSession | undefined;
  readonly error?: DomainError;
}

async function sendConsent(
  ctx: Ambient,
  reply: FastifyReply,
  { authorization, fields, session, error }: Asked,
): Promise<FastifyReply> {
  const { productId, clientName, redirectUri } = authorization;
  const product = productId === null ? null : ((await customerGrants.productName(ctx, productId)) ?? clientName);
  const page = { authorization, product, fields: Object.fromEntries(NAMES.map((name) => [name, fields[name]])), error };
  const retryAfter = error?.details.retryAfterSeconds;
  if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter));
  const options = {
    formTargets: [new URL(redirectUri).origin],
    ...(error !== undefined && { status: statusByKind[error.kind] }),
  };
  if (session === undefined) return sendPage(reply, passwordConsentPage(page, fields.username), options);
  const who = { username: session.user.username, csrf: csrfOf(session.token) };
  return sendPage(reply, sessionConsentPage(page, who), { ...options, tellsOrigin: true });
}
