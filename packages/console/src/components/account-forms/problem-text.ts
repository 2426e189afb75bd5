import { ApiError } from '@cloudchamber/contract/client';

/** Why one cannot sign up, by what the cloud allows. */
export const CLOSED_TEXTS = {
  closed: 'This cloud takes no sign-ups. Ask its operator for an account.',
  invite: 'This cloud takes new people by invitation only. Ask its operator for an account.',
};

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['signup_closed', CLOSED_TEXTS.closed],
  ['signup_by_invitation', CLOSED_TEXTS.invite],
  ['username_taken', 'This e-mail address has an account already. Log in, or reset its password.'],
  ['mail_unavailable', 'The mail to this address could not be sent, so nothing was changed. Try again later.'],
  ['setup_code_wrong', 'The code is wrong. The server prints the right one when it starts.'],
  ['already_set_up', 'This cloud has an operator already: log in instead.'],
]);

/** @returns why a form of these pages was refused, in a sentence for people */
export function problemText(error: unknown): string {
  if (!(error instanceof Error)) return 'Something went wrong';
  if (!(error instanceof ApiError)) return error.message;
  const { status, code = '', retryAfterSeconds } = error;
  if (status === 429) return `Too many tries in a row. ${waitText(retryAfterSeconds)}`;
  return TEXTS.get(code) ?? error.message;
}

function waitText(seconds: number | undefined): string {
  if (seconds === undefined) return 'Try again later.';
  if (seconds < 60) return `Try again in ${seconds} s.`;
  const minutes = Math.ceil(seconds / 60);
  return `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
}
