import { customerRoutes } from '@cloudchamber/contract';
import type { FastifyReply } from 'fastify';
import type { AccountServices } from '../../domain/accounts/index.ts';
import {
  enterWithClient,
  isCustomerResetToken,
  requestCustomerReset,
  resetCustomerPassword,
} from '../../domain/customers/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { clientCredentials } from '../client-credentials.ts';
import { statusByKind } from '../error-mapping.ts';
import { html } from '../pages/html.ts';
import { deadLinkPage, passwordPage } from '../pages/mail-link-pages.ts';
import { type Page, sendPage } from '../pages/page.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** A forgotten password of a customer: the request, and the page that the mail leads to. */
export function customerPageModule(services: AccountServices): RouteModule {
  return (app) => {
    registerRoute(app, customerRoutes.requestCustomerReset, async ({ ctx, params, body, request }) => {
      const place = await enterWithClient(ctx, params.productIdOrSlug, clientCredentials(request, body));
      requestCustomerReset(ctx, services, place, body.email);
      return { ok: true as const };
    });
    registerRoute(app, customerRoutes.showCustomerResetPage, async ({ ctx, query, reply }) => {
      const { token = '' } = query;
      if (!(await isCustomerResetToken(ctx, token))) return sendDeadLink(reply);
      return sendPage(reply, resetPage(token));
    });
    registerRoute(app, customerRoutes.submitCustomerResetPage, async ({ ctx, body, reply }) => {
      const { token = '', password = '' } = body;
      try {
        await resetCustomerPassword(ctx, services, { token, password });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'invalid_mail_token') return sendDeadLink(reply);
        return sendPage(reply, resetPage(token, error.message), { status: statusByKind[error.kind] });
      }
      const done = html`<p>Your password was changed, and you were logged out everywhere. You can log in with the new one now.</p>`;
      return sendPage(reply, { title: 'Password changed', body: done });
    });
  };
}

function resetPage(token: string, problem?: string): Page {
  const note = 'A new password logs you out everywhere.';
  return passwordPage({ action: '/reset-customer-password', token, problem, note });
}

function sendDeadLink(reply: FastifyReply): FastifyReply {
  return sendPage(reply, deadLinkPage('Ask for another mail in the app where you log in.'), { status: 400 });
}
