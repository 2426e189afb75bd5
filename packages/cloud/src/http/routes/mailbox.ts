import { formatTimestamp, mailboxRoutes } from '@cloudchamber/contract';
import { DomainError } from '../../domain/domain-error.ts';
import type { Mailbox, MailboxEntry } from '../../domain/mail/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

const DEFAULT_PER_PAGE = 25;

/** The mailbox of a server without SMTP, for its operators. @param mailbox undefined when mail goes out over SMTP. */
export function mailboxRouteModule(mailbox: Mailbox | undefined): RouteModule {
  const box = (): Mailbox => {
    if (mailbox !== undefined) return mailbox;
    throw new DomainError(
      'not_found',
      'no_mailbox',
      'This server sends its mail over SMTP (CHAMBER_SMTP_URL), so that it keeps no mailbox',
    );
  };
  return (app) => {
    registerRoute(app, mailboxRoutes.listMails, async ({ query }) => {
      const perPage = query.perPage ?? query.per_page ?? DEFAULT_PER_PAGE;
      const { mails, total } = await box().list(query.page ?? 1, perPage);
      return { mails: mails.map(renderEntry), meta: { total_pages: Math.ceil(total / perPage) } };
    });
    registerRoute(app, mailboxRoutes.getMail, async ({ params, reply }) => {
      // The text of a mail holds links that are as good as passwords.
      reply.header('cache-control', 'no-store');
      const mail = await box().get(params.mailId);
      return { ...renderEntry(mail), text: mail.text };
    });
    registerRoute(app, mailboxRoutes.deleteMail, async ({ params }) => {
      await box().delete(params.mailId);
      return { ok: true as const };
    });
  };
}

function renderEntry({ id, to, subject, at }: MailboxEntry) {
  return { id, to, subject, at: formatTimestamp(at) };
}
