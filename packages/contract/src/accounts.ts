import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody, timestampField } from './fields.ts';
import { ATTEMPTS } from './limits.ts';
import { membershipShape } from './teams.ts';

const tag = 'accounts';

const accountInfo = z.object({
  first_name: z.string().max(200).optional(),
  last_name: z.string().max(200).optional(),
  company_name: z.string().max(200).optional(),
  business_account: z
    .union([z.boolean(), z.enum(['true', 'false', '1', '0', ''])])
    .transform((value) => value === true || value === 'true' || value === '1')
    .optional(),
});

const newAccountInfo = accountInfo.optional().describe('What is left out is empty.');
const username = z.string().max(1000).describe('The e-mail address; compared without case.');
const password = z.string().max(10_000);
const newPassword = password.describe('8 to 1024 characters.');
const mailToken = z.string().max(1000).describe('From the link in the mail.');
const code = z.string().max(1000).describe('Six digits of the authenticator.');
const okMessage = okBody.extend({ message: z.string() });

const annInfo = { first_name: 'Ann', last_name: 'Ode', company_name: '', business_account: false };
const exampleToken = '6d0c1b0f0e5c49ce8f6d2f3f1d0a9b8c7e6f5a4b';
const MAIL_UNAVAILABLE = 'The mail could not be sent: `mail_unavailable`; nothing was changed';
const WRONG_PASSWORD = 'The current password is wrong: `invalid_grant`';
const TOO_MANY_GUESSES = 'Ten wrong passwords in a row';

const createUser = defineRoute({
  operation: 'createUser',
  tag,
  method: 'POST',
  path: '/v1/users',
  summary: 'Make an account',
  description:
    'A mail asks the owner of the address to confirm it; the account works before that. Answers 403 when this server does not take sign-ups (CHAMBER_SIGNUP).',
  access: 'public',
  limit: ATTEMPTS,
  body: z.object({ username, password: newPassword, account_info: newAccountInfo }),
  responses: { 200: okMessage.extend({ id: z.string(), username: z.string() }) },
  errors: {
    400: 'The e-mail address or the password is not valid',
    403: 'This server takes no sign-ups: `signup_closed`, `signup_by_invitation`',
    409: 'The address has an account: `username_taken`',
    503: MAIL_UNAVAILABLE,
  },
  example: {
    body: { username: 'ann@example.net', password: 'correct horse battery', account_info: { first_name: 'Ann' } },
    response: {
      ok: true,
      message: 'The account is ready; confirm the address with the link in the mail',
      id: '5f1e2d3c4b5a69788796a5b4',
      username: 'ann@example.net',
    },
  },
});

const verifyUser = defineRoute({
  operation: 'verifyUser',
  tag,
  method: 'POST',
  path: '/v1/user/verify',
  summary: 'Confirm an e-mail address with the token of its mail',
  access: 'public',
  limit: ATTEMPTS,
  body: z.object({ token: mailToken }),
  responses: { 200: okBody },
  errors: { 400: 'The token was used, has expired or was never given out: `invalid_mail_token`' },
  example: { body: { token: exampleToken }, response: { ok: true } },
});

const requestVerification = defineRoute({
  operation: 'requestVerification',
  tag,
  method: 'POST',
  path: '/v1/user/verification',
  summary: 'Ask for another mail that confirms the e-mail address',
  access: 'user',
  audited: false,
  limit: ATTEMPTS,
  body: z.object({}),
  responses: { 200: okMessage },
  errors: { 429: 'Five such mails wait for an answer: `too_many_mails`', 503: MAIL_UNAVAILABLE },
  example: { body: {}, response: { ok: true, message: 'A mail is on its way' } },
});

const getUser = defineRoute({
  operation: 'getUser',
  tag,
  method: 'GET',
  path: '/v1/user',
  summary: 'Whom the token belongs to',
  description:
    'Tokens of customers and API users get their own `username`, and nothing in the rest. `email_verified` is of this server.',
  access: 'token',
  responses: {
    200: z.object({
      username: z.string(),
      subscription_ids: z.array(z.string()),
      tos: z.int(),
      account_info: z.object({
        first_name: z.string(),
        last_name: z.string(),
        company_name: z.string(),
        business_account: z.boolean(),
      }),
      mfa: z.object({ enabled: z.boolean() }),
      email_verified: z.boolean(),
      memberships: z.array(z.object(membershipShape)).describe('The teams that the account has accepted to be in.'),
      scim_provisioned: z.boolean(),
      no_password: z.boolean(),
      wifi_device_count: z.int(),
      cellular_device_count: z.int(),
    }),
  },
  errors: { 403: 'The token of a product: it is nobody' },
  example: {
    response: {
      username: 'ann@example.net',
      subscription_ids: [],
      tos: 1,
      account_info: annInfo,
      mfa: { enabled: false },
      email_verified: true,
      memberships: [],
      scim_provisioned: false,
      no_password: false,
      wifi_device_count: 3,
      cellular_device_count: 1,
    },
  },
});

const identifyUser = defineRoute({
  operation: 'identifyUser',
  tag,
  method: 'GET',
  path: '/v1/user/identify',
  summary: 'Id and e-mail of whom the token belongs to',
  access: 'token',
  query: z.object({ tracking: z.string().optional() }),
  responses: { 200: z.object({ id: z.string(), email: z.string() }) },
  errors: { 403: 'The token of a product: it is nobody' },
  example: { response: { id: '5f1e2d3c4b5a69788796a5b4', email: 'ann@example.net' } },
});

const updateUser = defineRoute({
  operation: 'updateUser',
  tag,
  method: 'PUT',
  path: '/v1/user',
  summary: 'Change the account: its data, its e-mail address or its password',
  description:
    'Takes one of `account_info`, `username` and `password`; the last two need `current_password`, and with `invalidate_tokens` every other log-in of the account ends. A change of the e-mail address takes effect at once, everything that the account has stays its own; it is refused while multifactor authentication is on.',
  access: 'user',
  limit: ATTEMPTS,
  body: z.object({
    account_info: accountInfo.optional().describe('What is left out stays as it is.'),
    username: username.optional(),
    password: newPassword.optional(),
    current_password: password.optional(),
    invalidate_tokens: booleanField.optional(),
  }),
  responses: { 200: okMessage },
  errors: {
    400: `${WRONG_PASSWORD}, or a field is missing or not valid`,
    409: 'The address has an account (`username_taken`), or multifactor authentication is on (`mfa_enabled`)',
    429: TOO_MANY_GUESSES,
    503: MAIL_UNAVAILABLE,
  },
  example: {
    body: { username: 'ann@example.org', current_password: 'correct horse battery' },
    response: { ok: true, message: 'The e-mail address was changed' },
  },
});

const deleteUser = defineRoute({
  operation: 'deleteUser',
  tag,
  method: 'DELETE',
  path: '/v1/user',
  summary: 'Delete the account',
  description:
    'Its devices belong to nobody then; its clients, memberships and tokens are gone. Products and organizations have to be deleted or transferred before.',
  access: 'user',
  limit: ATTEMPTS,
  body: z.object({ password }),
  responses: { 200: okMessage },
  errors: {
    400: WRONG_PASSWORD,
    409: 'The account owns products or organizations (`owns_places`) or is the last operator (`last_operator`)',
    429: TOO_MANY_GUESSES,
  },
  example: { body: { password: 'correct horse battery' }, response: { ok: true, message: 'The account was deleted' } },
});

const requestPasswordReset = defineRoute({
  operation: 'requestPasswordReset',
  tag,
  method: 'POST',
  path: '/v1/user/password-reset',
  summary: 'Ask for a mail to set a new password',
  description: 'The reply is the same whether or not the address has an account.',
  access: 'public',
  audited: false,
  limit: { ...ATTEMPTS, together: 'password resets' },
  body: z.object({ username }),
  responses: { 200: okMessage },
  example: {
    body: { username: 'ann@example.net' },
    response: { ok: true, message: 'If that address has an account, a mail is on its way' },
  },
});

const resetPassword = defineRoute({
  operation: 'resetPassword',
  tag,
  method: 'PUT',
  path: '/v1/user/password-reset',
  summary: 'Set a new password with the token of a mail',
  description: 'Works once, for an hour. Every token of the account is revoked. Multifactor authentication stays on.',
  access: 'public',
  limit: { ...ATTEMPTS, together: 'password resets' },
  body: z.object({ token: mailToken, password: newPassword }),
  responses: { 200: okMessage },
  errors: { 400: 'The token is not good any more (`invalid_mail_token`) or the password is not valid' },
  example: {
    body: { token: exampleToken, password: 'battery staple correct' },
    response: { ok: true, message: 'The password was changed; log in with it' },
  },
});

const offerMfa = defineRoute({
  operation: 'offerMfa',
  tag,
  method: 'GET',
  path: '/v1/user/mfa-enable',
  summary: 'A secret for an authenticator app: the first step to multifactor authentication',
  access: 'user',
  responses: {
    200: z.object({
      mfa_token: z.string().describe('Goes back within 30 minutes.'),
      qr_url: z.string().describe('What a QR code shows: otpauth://totp/…'),
      secret: z.string().describe('The same to be typed in: base32.'),
    }),
  },
  errors: { 409: 'It is on already: `mfa_enabled`' },
  example: {
    response: {
      mfa_token: 'AQx3m0kq7Yd2',
      qr_url:
        'otpauth://totp/Cloud%20Chamber:ann%40example.net?issuer=Cloud%20Chamber&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    },
  },
});

const enableMfa = defineRoute({
  operation: 'enableMfa',
  tag,
  method: 'POST',
  path: '/v1/user/mfa-enable',
  summary: 'Switch multifactor authentication on with a code of the authenticator',
  description:
    'From now on a log-in by password takes a code too. `tokens` are ten recovery codes: each stands in for a code once. They are shown here only.',
  access: 'user',
  body: z.object({ mfa_token: z.string().max(5000), otp: code, invalidate_tokens: booleanField.optional() }),
  responses: { 200: z.object({ enrolled: z.literal(true), tokens: z.array(z.string()) }) },
  errors: {
    400: 'The code is wrong (`invalid_grant`) or `mfa_token` is not valid any more',
    409: 'It is on already: `mfa_enabled`',
  },
  example: {
    body: { mfa_token: 'AQx3m0kq7Yd2', otp: '123456' },
    response: { enrolled: true, tokens: ['0f1e2-d3c4b-5a697-88796'] },
  },
});

const disableMfa = defineRoute({
  operation: 'disableMfa',
  tag,
  method: 'PUT',
  path: '/v1/user/mfa-disable',
  summary: 'Switch multifactor authentication off',
  access: 'user',
  limit: ATTEMPTS,
  body: z.object({ current_password: password }),
  responses: { 200: okBody },
  errors: { 400: WRONG_PASSWORD, 429: TOO_MANY_GUESSES },
  example: { body: { current_password: 'correct horse battery' }, response: { ok: true } },
});

const listUsers = defineRoute({
  operation: 'listUsers',
  tag,
  method: 'GET',
  path: '/v1/operator/users',
  summary: 'Every account of this server, oldest first',
  access: 'operator',
  query: z.object({
    page: integerField.pipe(z.int().min(1).max(1_000_000)).optional().describe('From 1.'),
    perPage: integerField.pipe(z.int().min(1).max(100)).optional().describe('25 when left out.'),
    per_page: integerField.pipe(z.int().min(1).max(100)).optional().describe('The same.'),
  }),
  responses: {
    200: z.object({
      users: z.array(
        z.object({
          id: z.string(),
          username: z.string(),
          operator: z.boolean(),
          email_verified: z.boolean(),
          no_password: z.boolean(),
          mfa: z.object({ enabled: z.boolean() }),
          created_at: timestampField,
        }),
      ),
      meta: z.object({ total_pages: z.int() }),
    }),
  },
  example: {
    response: {
      users: [
        {
          id: '5f1e2d3c4b5a69788796a5b4',
          username: 'ann@example.net',
          operator: false,
          email_verified: true,
          no_password: false,
          mfa: { enabled: false },
          created_at: '2026-01-01T09:30:00.000Z',
        },
      ],
      meta: { total_pages: 1 },
    },
  },
});

const inviteUser = defineRoute({
  operation: 'inviteUser',
  tag,
  method: 'POST',
  path: '/v1/operator/users',
  summary: 'Make an account for somebody, who chooses the password by mail',
  description: 'Works whatever CHAMBER_SIGNUP says. The link of the mail works for 7 days.',
  access: 'operator',
  body: z.object({ username, account_info: newAccountInfo }),
  responses: { 201: okMessage.extend({ id: z.string(), username: z.string() }) },
  errors: {
    400: 'The e-mail address is not valid',
    409: 'The address has an account: `username_taken`',
    503: MAIL_UNAVAILABLE,
  },
  example: {
    body: { username: 'bob@example.net' },
    response: {
      ok: true,
      message: 'A mail with a link to choose a password is on its way',
      id: '5f1e2d3c4b5a69788796a5b5',
      username: 'bob@example.net',
    },
  },
});

const disableUserMfa = defineRoute({
  operation: 'disableUserMfa',
  tag,
  method: 'DELETE',
  path: '/v1/operator/users/:username/mfa',
  summary: 'Switch the multifactor authentication of another account off',
  description:
    'For somebody who has lost the authenticator and the recovery codes: make sure who asks. The account gets a mail; its password and log-ins stay. Nothing happens where it is off already.',
  access: 'operator',
  params: z.object({ username: z.string().max(254).describe('The e-mail address, in any case.') }),
  responses: { 200: okBody },
  errors: {
    404: 'There is no such account: `user_not_found`',
    409: "It is the operator's own, which takes the password: `own_account`",
  },
  example: { response: { ok: true } },
});

const page = { tag: 'pages', access: 'public', produces: 'text/html', responses: { 200: z.string() } } as const;
const pageToken = z.string().max(1000).optional();

const showVerifyPage = defineRoute({
  ...page,
  operation: 'showVerifyPage',
  method: 'GET',
  path: '/verify-email',
  summary: 'The page that a mail leads to: confirm an e-mail address',
  query: z.object({ token: pageToken }),
});

const submitVerifyPage = defineRoute({
  ...page,
  operation: 'submitVerifyPage',
  method: 'POST',
  path: '/verify-email',
  summary: 'What that page sends',
  limit: ATTEMPTS,
  body: z.object({ token: pageToken }),
  errors: { 400: 'The link is not good any more; a page says so' },
  example: { body: { token: exampleToken } },
});

const showResetPage = defineRoute({
  ...page,
  operation: 'showResetPage',
  method: 'GET',
  path: '/reset-password',
  summary: 'The page that a mail leads to: choose a password',
  query: z.object({ token: pageToken }),
});

const submitResetPage = defineRoute({
  ...page,
  operation: 'submitResetPage',
  method: 'POST',
  path: '/reset-password',
  summary: 'What that page sends',
  limit: { ...ATTEMPTS, together: 'password resets' },
  body: z.object({ token: pageToken, password: z.string().max(10_000).optional() }),
  errors: { 400: 'The link or the password is not good; a page says so' },
  example: { body: { token: exampleToken, password: 'battery staple correct' } },
});

export const accountRoutes = {
  createUser,
  verifyUser,
  requestVerification,
  getUser,
  identifyUser,
  updateUser,
  deleteUser,
  requestPasswordReset,
  resetPassword,
  offerMfa,
  enableMfa,
  disableMfa,
  listUsers,
  inviteUser,
  disableUserMfa,
  showVerifyPage,
  submitVerifyPage,
  showResetPage,
  submitResetPage,
};
