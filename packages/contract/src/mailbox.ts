import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, okBody, timestampField } from './fields.ts';

const tag = 'mailbox';

const entry = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  at: timestampField,
});
const params = z.object({ mailId: z.string() });

const annsMail = {
  id: '001767225600000-0f1e2d3c',
  to: 'ann@example.net',
  subject: 'Reset your password',
  at: '2026-01-01T00:00:00.000Z',
};
const NO_MAILBOX = 'Mail goes out over SMTP, so that there is no mailbox (`no_mailbox`)';
const UNKNOWN = `There is no such mail (\`mail_not_found\`). ${NO_MAILBOX}`;

const listMails = defineRoute({
  operation: 'listMails',
  tag,
  method: 'GET',
  path: '/v1/operator/mailbox',
  summary: 'The mails that this server wrote while it has no SMTP, newest first',
  access: 'operator',
  query: z.object({
    page: integerField.pipe(z.int().min(1).max(1_000_000)).optional().describe('From 1.'),
    perPage: integerField.pipe(z.int().min(1).max(100)).optional().describe('25 when left out.'),
    per_page: integerField.pipe(z.int().min(1).max(100)).optional().describe('The same.'),
  }),
  responses: { 200: z.object({ mails: z.array(entry), meta: z.object({ total_pages: z.int() }) }) },
  errors: { 404: NO_MAILBOX },
  example: { response: { mails: [annsMail], meta: { total_pages: 1 } } },
});

const getMail = defineRoute({
  operation: 'getMail',
  tag,
  method: 'GET',
  path: '/v1/operator/mailbox/:mailId',
  summary: 'A mail with its text',
  access: 'operator',
  params,
  responses: { 200: entry.extend({ text: z.string() }) },
  errors: { 404: UNKNOWN },
  example: { response: { ...annsMail, text: 'Somebody asked to reset the password of your Cloud Chamber account.' } },
});

const deleteMail = defineRoute({
  operation: 'deleteMail',
  tag,
  method: 'DELETE',
  path: '/v1/operator/mailbox/:mailId',
  summary: 'Delete a mail',
  access: 'operator',
  params,
  responses: { 200: okBody },
  errors: { 404: UNKNOWN },
  example: { response: { ok: true } },
});

export const mailboxRoutes = { listMails, getMail, deleteMail };
