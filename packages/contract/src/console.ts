import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { okBody } from './fields.ts';
import { ATTEMPTS } from './limits.ts';

const tag = 'console';

const user = z.object({
  id: z.string(),
  username: z.string().describe('The e-mail address, lower case.'),
  name: z.string().describe('First and last name; empty when the account has none.'),
  operator: z.boolean().describe('Runs this server.'),
  emailVerified: z.boolean(),
  mfa: z.boolean().describe('Whether a log-in takes a code.'),
});

const csrf = z
  .string()
  .describe('What requests by cookie other than GET and HEAD send in the header `X-Chamber-CSRF`.');

const session = z.object({ user, csrf });

const cloud = z.object({
  version: z.string(),
  publicUrl: z.string().describe('Where people reach this server, without a slash at the end.'),
  deviceHost: z.string().describe('The name that devices are given; `$id` in it stands for the device.'),
  udpPort: z.int().nullable().describe('Null where DTLS is off.'),
  tcpPort: z.int().nullable().describe('Null where AES over TCP is off.'),
  signup: z.enum(['open', 'invite', 'closed']).describe('Who may make an account by themselves.'),
  organizations: z.enum(['operator', 'open']).describe('Who may make organizations.'),
  mail: z.enum(['smtp', 'mailbox']).describe("`mailbox`: mails go into the operators' mailbox and leave nowhere."),
  firstRun: z.boolean().describe('True while no account is an operator: the server waits for its setup.'),
});

export type ConsoleUser = z.output<typeof user>;
export type ConsoleCloud = z.output<typeof cloud>;

const exampleUser = {
  id: '5f1e2d3c4b5a69788796a5b4',
  username: 'ann@example.net',
  name: 'Ann Ode',
  operator: false,
  emailVerified: true,
  mfa: false,
};
const exampleSession = {
  user: exampleUser,
  csrf: '5d2f1c0b9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4',
};
const exampleOperator = { ...exampleSession, user: { ...exampleUser, operator: true } };

const FOREIGN_PAGE = 'A page of another site asks: `csrf_failed`';

const createConsoleSession = defineRoute({
  operation: 'createConsoleSession',
  tag,
  method: 'POST',
  path: '/v1/console/session',
  summary: 'Log a browser in',
  description:
    'Sets the cookie `chamber_session`, which every route takes where there is no token. A session lasts 14 days after its last use and stands among the tokens of the account as `console`. An account with multifactor authentication sends `otp` too, in a second request when it did not know.',
  access: 'public',
  limit: ATTEMPTS,
  body: z.object({
    username: z.string().max(1000).describe('The e-mail address; compared without case.'),
    password: z.string().max(10_000),
    otp: z.string().max(100).optional().describe('Six digits of the authenticator, or a recovery code.'),
  }),
  responses: { 200: session },
  errors: {
    400: 'The e-mail, the password or the code is wrong: `invalid_grant`',
    403: `The account takes a code too: \`mfa_required\`. ${FOREIGN_PAGE}`,
    429: 'Ten wrong passwords or codes in a row',
    503: 'Too many log in at once',
  },
  example: { body: { username: 'ann@example.net', password: 'correct horse' }, response: exampleSession },
});

const getConsoleSession = defineRoute({
  operation: 'getConsoleSession',
  tag,
  method: 'GET',
  path: '/v1/console/session',
  summary: 'Who is logged in with this browser, and what the console has to know of the server',
  description:
    '`user` and `csrf` are null when nobody is. A session that is more than a day old is good for another 14 days after this.',
  access: 'public',
  responses: { 200: z.object({ user: user.nullable(), csrf: csrf.nullable(), cloud }) },
  example: {
    response: {
      ...exampleSession,
      cloud: {
        version: '0.1.0',
        publicUrl: 'https://cloud.example.net',
        deviceHost: 'cloud.example.net',
        udpPort: 5684,
        tcpPort: 5683,
        signup: 'invite',
        organizations: 'operator',
        mail: 'smtp',
        firstRun: false,
      },
    },
  },
});

const deleteConsoleSession = defineRoute({
  operation: 'deleteConsoleSession',
  tag,
  method: 'DELETE',
  path: '/v1/console/session',
  summary: 'Log this browser out',
  description: 'The session ends, its event streams too, and the cookie is taken back.',
  access: 'user',
  responses: { 200: okBody },
  example: { response: { ok: true } },
});

const setUpCloud = defineRoute({
  operation: 'setUpCloud',
  tag,
  method: 'POST',
  path: '/v1/console/setup',
  summary: 'Make the account of the first operator, and log its browser in',
  description:
    'For a server on which no account is an operator. `code` stands in the address that the server prints when it starts.',
  access: 'public',
  limit: ATTEMPTS,
  body: z.object({
    code: z.string().max(1000),
    username: z.string().max(1000).describe('The e-mail address of the new account.'),
    password: z.string().max(10_000).describe('8 to 1024 characters.'),
  }),
  responses: { 200: session },
  errors: {
    400: 'The e-mail address or the password is not valid',
    403: `The code is wrong: \`setup_code_wrong\`. ${FOREIGN_PAGE}`,
    409: 'There is an operator (`already_set_up`), or the address has an account (`username_taken`)',
  },
  example: {
    body: {
      code: '6d0c1b0f0e5c49ce8f6d2f3f1d0a9b8c7e6f5a4b',
      username: 'ann@example.net',
      password: 'correct horse battery',
    },
    response: exampleOperator,
  },
});

export const consoleRoutes = { createConsoleSession, getConsoleSession, deleteConsoleSession, setUpCloud };
