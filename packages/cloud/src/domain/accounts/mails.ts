import type { Mail } from '../mail/index.ts';

/** The mails of accounts, in plain text; each says who asked for it and what to do when it was not the reader. */
export const mails = {
  welcome: (to: string, link: string): Mail => ({
    to,
    subject: 'Confirm your e-mail address',
    text: `Welcome to Cloud Chamber.

An account was made with this e-mail address. Open this page to confirm that the address is yours:

${link}

The link works for 7 days. If you made no account, ignore this mail.
`,
  }),
  verification: (to: string, link: string): Mail => ({
    to,
    subject: 'Confirm your e-mail address',
    text: `Open this page to confirm that this e-mail address is yours:

${link}

The link works for 7 days. If you did not ask for it, ignore this mail.
`,
  }),
  invitation: (to: string, link: string, url: string): Mail => ({
    to,
    subject: 'Your Cloud Chamber account',
    text: `The operator of ${url} made an account for this e-mail address. Open this page to choose its password:

${link}

The link works for 7 days. After that, ask for a password reset to get another one.
`,
  }),
  passwordReset: (to: string, link: string): Mail => ({
    to,
    subject: 'Reset your password',
    text: `Somebody asked to reset the password of your Cloud Chamber account. Open this page to choose a new one:

${link}

The link works once, within the next hour. If it was not you, ignore this mail: your password stays as it is.
`,
  }),
  newAddress: (to: string, link: string): Mail => ({
    to,
    subject: 'Your account has this e-mail address now',
    text: `Your Cloud Chamber account was changed to this e-mail address: you log in with it from now on. Your password is the same as before.

Open this page to confirm that the address is yours:

${link}

The link works for 7 days.
`,
  }),
  oldAddress: (to: string, newUsername: string): Mail => ({
    to,
    subject: 'Your account has another e-mail address now',
    text: `The e-mail address of your Cloud Chamber account was changed to ${newUsername}. This address can't log in any more.

If it was not you, tell the operator of the server at once.
`,
  }),
  mfaDisabled: (to: string): Mail => ({
    to,
    subject: 'Your account asks for no code any more',
    text: `An operator of the server switched off the multifactor authentication of your Cloud Chamber account: a log-in takes the password alone.

If you did not ask for that, change your password, and tell the operator at once.
`,
  }),
  passwordChanged: (to: string): Mail => ({
    to,
    subject: 'Your password was changed',
    text: `The password of your Cloud Chamber account was changed.

If it was not you, reset it now, and tell the operator of the server.
`,
  }),
} as const;
