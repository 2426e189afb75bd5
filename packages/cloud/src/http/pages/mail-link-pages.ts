import { html } from './html.ts';
import type { Page } from './page.ts';

/** The way on from a page that has done what its mail was for. */
export const TO_CONSOLE = html`<p><a href="/">Go to the console</a></p>`;

/** For a link whose token is wrong, used or too old. @param next a sentence that says how to get a new one */
export function deadLinkPage(next: string): Page {
  return {
    title: 'This link does not work',
    body: html`<p>That link was used already or has expired.</p><p class="quiet">${next}</p>`,
  };
}

export interface PasswordForm {
  /** The path that takes the form. */
  readonly action: string;
  /** Of the mail. */
  readonly token: string;
  /** What is wrong with the password that was sent, as the verb worded it. */
  readonly problem?: string | undefined;
  readonly note: string;
}

/** The page where a forgotten password is replaced. */
export function passwordPage({ action, token, problem, note }: PasswordForm): Page {
  const isRefused = problem !== undefined;
  const body = html`${isRefused ? html`<p class="bad" id="problem" role="alert">Not changed: ${problem}. Choose another one.</p>` : undefined}
<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" maxlength="1024" required autofocus aria-describedby="${isRefused ? 'problem rule' : 'rule'}"${isRefused ? html` aria-invalid="true"` : undefined}>
<p class="quiet" id="rule">8 characters or more.</p>
<button type="submit">Set the password</button>
</form>
<p class="quiet">${note}</p>`;
  return { title: 'Choose a password', body };
}
