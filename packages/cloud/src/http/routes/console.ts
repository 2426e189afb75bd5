import { type ConsoleUser, consoleRoutes } from '@cloudchamber/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type AccountServices,
  CONSOLE_SESSION_LIFETIME,
  type ConsoleSession,
  endConsoleSession,
  type FirstRun,
  openConsoleSession,
  renewConsoleSession,
  revokeCurrentToken,
  type User,
} from '../../domain/accounts/index.ts';
import type { Ambient } from '../../domain/context.ts';
import type { Mailbox } from '../../domain/mail/index.ts';
import type { OrganizationPolicy } from '../../domain/organizations/index.ts';
import { version } from '../../version.ts';
import { refuseForeign } from '../own-origin.ts';
import { registerRoute } from '../register-route.ts';
import { recognize } from '../route-door.ts';
import type { RouteModule } from '../server.ts';
import { csrfOf, sessionCookie, sessionOf } from '../session-cookie.ts';

interface ConsoleParts {
  readonly accounts: AccountServices;
  readonly firstRun: FirstRun;
  readonly mailbox?: Mailbox;
  readonly publicUrl: string;
  readonly deviceHost: string;
  readonly udpPort: number | null;
  readonly tcpPort: number | null;
  readonly organizationPolicy?: OrganizationPolicy;
}

/** Browsers that log in to the console, and the setup of a fresh cloud (UI rows of the checklist). */
export function consoleRouteModule(parts: ConsoleParts): RouteModule {
  const { accounts, firstRun, publicUrl, deviceHost, udpPort, tcpPort, organizationPolicy = 'operator' } = parts;
  const facts = {
    version,
    publicUrl,
    deviceHost,
    udpPort,
    tcpPort,
    signup: accounts.signup,
    organizations: organizationPolicy,
    mail: parts.mailbox === undefined ? ('smtp' as const) : ('mailbox' as const),
  };
  return (app) => {
    registerRoute(app, consoleRoutes.createConsoleSession, async ({ ctx, body, request, reply }) => {
      refuseForeign(request, publicUrl);
      const session = await openConsoleSession(ctx, accounts, { ...body, address: request.ip });
      return begin(ctx, request, reply, session);
    });
    registerRoute(app, consoleRoutes.getConsoleSession, async ({ ctx, request, reply }) => {
      reply.header('cache-control', 'no-store');
      const token = sessionOf(request);
      const found = token === undefined ? undefined : await renewConsoleSession(ctx, accounts, token);
      if (found?.renewed) setCookie(reply, found.session.token, CONSOLE_SESSION_LIFETIME);
      if (found === undefined && token !== undefined) setCookie(reply, '', 0);
      const who = found === undefined ? { user: null, csrf: null } : shown(found.session);
      return { ...who, cloud: { ...facts, firstRun: await firstRun.isOpen(ctx) } };
    });
    registerRoute(app, consoleRoutes.deleteConsoleSession, async ({ ctx, reply }) => {
      await revokeCurrentToken(ctx, accounts);
      setCookie(reply.header('cache-control', 'no-store'), '', 0);
      return { ok: true as const };
    });
    registerRoute(app, consoleRoutes.setUpCloud, async ({ ctx, body, request, reply }) => {
      refuseForeign(request, publicUrl);
      return begin(ctx, request, reply, await firstRun.setUp(ctx, accounts, body));
    });
  };

  /** What the browser was logged in as before ends with its cookie. */
  async function begin(ctx: Ambient, request: FastifyRequest, reply: FastifyReply, session: ConsoleSession) {
    const { id: userId, username } = session.user;
    recognize(request, { userId, username });
    const earlier = sessionOf(request);
    if (earlier !== undefined) await endConsoleSession(ctx, accounts, earlier);
    setCookie(reply.header('cache-control', 'no-store'), session.token, CONSOLE_SESSION_LIFETIME);
    return shown(session);
  }

  function setCookie(reply: FastifyReply, token: string, lifetimeMs: number): void {
    reply.header('set-cookie', sessionCookie(publicUrl, token, lifetimeMs));
  }
}

function shown({ user, token }: ConsoleSession) {
  return { user: shownUser(user), csrf: csrfOf(token) };
}

function shownUser({ id, username, accountInfo, operator, emailVerifiedAt, mfaEnabled }: User): ConsoleUser {
  const name = [accountInfo.first_name, accountInfo.last_name].filter((part) => part !== '').join(' ');
  return { id, username, name, operator, emailVerified: emailVerifiedAt !== null, mfa: mfaEnabled };
}
