import { oauthRoutes } from '@cloudchamber/contract';
import type { FastifyReply } from 'fastify';
import {
  type AccountServices,
  type Authorization,
  type AuthorizationRequest,
  allowClient,
  type CustomerGrants,
  denyClient,
  readAuthorization,
  refusalAddress,
} from '../../domain/accounts/index.ts';
import type { Ambient } from '../../domain/context.ts';
import { customerGrants } from '../../domain/customers/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { statusByKind } from '../error-mapping.ts';
import { type Html, html } from '../pages/html.ts';
import { sendPage } from '../pages/page.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** The consent page: "Login with Cloud Chamber" (PRD-19, RFC 6749 section 4.1). */
export function authorizeRouteModule(services: AccountServices): RouteModule {
  const grants = { ...services, customers: customerGrants };
  return (app) => {
    registerRoute(app, oauthRoutes.showConsent, async ({ ctx, query, reply }) =>
      withAuthorization(ctx, reply, query, async (authorization) => sendConsent(ctx, reply, authorization, query)),
    );
    registerRoute(app, oauthRoutes.answerConsent, async ({ ctx, body, request, reply }) =>
      withAuthorization(ctx, reply, body, async (authorization) => {
        if (body.decision !== 'allow') return sendOn(reply, denyClient(authorization));
        const { username = '', password = '', otp } = body;
        try {
          const credentials = { username, password, otp: otp === '' ? undefined : otp, address: request.ip };
          return sendOn(reply, await allowClient(ctx, grants, authorization, credentials));
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          return sendConsent(ctx, reply, authorization, body, error);
        }
      }),
    );
  };
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

async function sendConsent(
  ctx: Ambient,
  reply: FastifyReply,
  authorization: Authorization,
  fields: Fields & { readonly username?: string | undefined },
  error?: DomainError,
): Promise<FastifyReply> {
  const { origin } = new URL(authorization.redirectUri);
  const hidden = NAMES.map((name) => {
    const value = fields[name];
    return value === undefined ? html`` : html`<input type="hidden" name="${name}" value="${value}">`;
  });
  const refused = error === undefined ? undefined : html` aria-describedby="problem"`;
  const body = html`${await purpose(ctx, customerGrants, authorization)}
${error === undefined ? undefined : html`<p class="bad" id="problem" role="alert">${messageOf(error)}</p>`}
<form method="post" action="/oauth/authorize">
${hidden}
<label for="username">E-mail</label>
<input id="username" name="username" type="email" autocomplete="username" required value="${fields.username ?? ''}"${refused}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${refused}${error === undefined ? undefined : html` autofocus`}>
<label for="otp">Code, if your account asks for one</label>
<input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="100">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" class="plain" formnovalidate>Deny</button>
</form>
<p class="quiet">You go on to ${origin}.</p>`;
  const retryAfter = error?.details.retryAfterSeconds;
  if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter));
  return sendPage(
    reply,
    { title: 'Login with Cloud Chamber', body },
    { formTargets: [origin], ...(error !== undefined && { status: statusByKind[error.kind] }) },
  );
}

async function purpose(ctx: Ambient, customers: CustomerGrants, authorization: Authorization): Promise<Html> {
  const { clientName, productId } = authorization;
  if (productId === null) {
    return html`<p><strong>${clientName}</strong> asks for full access to your account: its devices, its products and their events.</p>`;
  }
  const product = await customers.productName(ctx, productId);
  return html`<p><strong>${clientName}</strong> asks to log you in to <strong>${product ?? clientName}</strong> and to control the devices that you set up there. It gets no access to anything else in your account.</p>`;
}

function messageOf(error: DomainError): string {
  switch (error.code) {
    case 'mfa_required':
      return 'Your account asks for a code. Enter your password again, and the code that your authenticator shows or one of your recovery codes.';
    case 'invalid_grant':
      return 'E-mail, password or code are wrong. Check them and try again.';
    case 'email_unverified':
      return 'Confirm the e-mail address of your account first: open the link in the mail that was sent to it, then come back and try again.';
    default:
      return `${error.message}.`;
  }
}
