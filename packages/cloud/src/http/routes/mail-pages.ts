import { accountRoutes } from '@cloudchamber/contract';
import type { FastifyReply } from 'fastify';
import { type AccountServices, isResetToken, resetPassword, verifyEmail } from '../../domain/accounts/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { statusByKind } from '../error-mapping.ts';
import { type Html, html } from '../pages/html.ts';
import { deadLinkPage, passwordPage, TO_CONSOLE } from '../pages/mail-link-pages.ts';
import { type Page, sendPage } from '../pages/page.ts';
import { registerRoute } from '../register-route.ts';
import { recognize } from '../route-door.ts';
import type { RouteModule } from '../server.ts';

const VERIFY = 'Confirm your e-mail address';
const NEXT_RESET = 'Ask for another mail where you log in.';
const NEXT_VERIFY =
  'Log in to your account and ask for another mail. If the address is confirmed already, there is nothing to do.';

/**
 * The pages that links in mails lead to. Opening one changes nothing, since mail programs open links by themselves; the button on it does.
 */
export function mailPageModule(services: AccountServices): RouteModule {
  return (app) => {
    registerRoute(app, accountRoutes.showVerifyPage, ({ query, reply }) =>
      query.token === undefined || query.token === ''
        ? sendDeadLink(reply, NEXT_VERIFY)
        : sendPage(reply, { title: VERIFY, body: verifyForm(query.token) }),
    );
    registerRoute(app, accountRoutes.submitVerifyPage, ({ ctx, body, request, reply }) =>
      orDeadLink(reply, NEXT_VERIFY, async () => {
        recognize(request, await verifyEmail(ctx, body.token ?? ''));
        return sendPage(reply, {
          title: 'Thank you',
          body: html`<p>Your e-mail address is confirmed.</p>${TO_CONSOLE}`,
        });
      }),
    );
    registerRoute(app, accountRoutes.showResetPage, async ({ ctx, query, reply }) => {
      const { token } = query;
      if (token === undefined || !(await isResetToken(ctx, token))) return sendDeadLink(reply, NEXT_RESET);
      return sendPage(reply, resetPage(token));
    });
    registerRoute(app, accountRoutes.submitResetPage, ({ ctx, body, request, reply }) => {
      const { token = '', password = '' } = body;
      return orDeadLink(reply, NEXT_RESET, async () => {
        try {
          recognize(request, await resetPassword(ctx, services, { token, password }));
        } catch (error) {
          // The token is still good: the form comes back with what is wrong.
          if (!(error instanceof DomainError && error.code === 'invalid_request')) throw error;
          return sendPage(reply, resetPage(token, error.message), { status: 400 });
        }
        const done = html`<p>Your password was changed, and everybody who was logged in to your account was logged out. You can log in with the new one now.</p>${TO_CONSOLE}`;
        return sendPage(reply, { title: 'Password changed', body: done });
      });
    });
  };
}

function verifyForm(token: string): Html {
  return html`<p>Is this e-mail address yours?</p>
<form method="post" action="verify-email">
<input type="hidden" name="token" value="${token}">
<button type="submit">Yes, confirm it</button>
</form>
<p class="quiet">If you made no account here, close this page.</p>`;
}

function resetPage(token: string, problem?: string): Page {
  const note = 'A new password logs everybody out of your account.';
  return passwordPage({ action: 'reset-password', token, problem, note });
}

/** Refusals of a page are pages too. @param next what to do when the link has no use */
async function orDeadLink(reply: FastifyReply, next: string, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'invalid_mail_token') return sendDeadLink(reply, next);
    const body = html`<p class="bad" role="alert">${error.message}.</p>`;
    return sendPage(reply, { title: 'That did not work', body }, { status: statusByKind[error.kind] });
  }
}

function sendDeadLink(reply: FastifyReply, next: string): FastifyReply {
  return sendPage(reply, deadLinkPage(next), { status: 400 });
}
