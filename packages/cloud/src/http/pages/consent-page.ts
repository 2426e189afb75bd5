import type { Authorization } from '../../domain/accounts/index.ts';
import type { DomainError } from '../../domain/domain-error.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';

export interface ConsentPage {
  readonly authorization: Authorization;
  /** The name of the product whose client asks; null for a client of an account. */
  readonly product: string | null;
  /** What the form sends back as it came. */
  readonly fields: Readonly<Record<string, string | undefined>>;
  /** Why the last answer was refused. */
  readonly error?: DomainError | undefined;
}

/** Asks for e-mail and password, and for the yes. @param username what was typed before */
export function passwordConsentPage(page: ConsentPage, username = ''): Page {
  const { error } = page;
  const refused = error === undefined ? undefined : html` aria-describedby="problem"`;
  return consentPage(
    page,
    html`<label for="username">E-mail</label>
<input id="username" name="username" type="email" autocomplete="username" required value="${username}"${refused}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${refused}${error === undefined ? undefined : html` autofocus`}>
<label for="otp">Code, if your account asks for one</label>
<input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="100">`,
  );
}

/** Asks whoever is logged in to the console for the yes only. @param session the account's e-mail, and what proves that this page asked */
export function sessionConsentPage(
  page: ConsentPage,
  session: { readonly username: string; readonly csrf: string },
): Page {
  const again = new URLSearchParams({ prompt: 'login' });
  for (const [name, value] of Object.entries(page.fields)) if (value !== undefined) again.set(name, value);
  return consentPage(
    page,
    html`<p>You are logged in as <strong>${session.username}</strong>.</p>
<input type="hidden" name="csrf" value="${session.csrf}">`,
    html`<p><a href="/oauth/authorize?${again.toString()}">Use another account</a></p>`,
  );
}

function consentPage({ authorization, product, fields, error }: ConsentPage, who: Html, other?: Html): Page {
  const hidden = Object.entries(fields).map(([name, value]) =>
    value === undefined ? html`` : html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const body = html`${purpose(authorization, product)}
${error === undefined ? undefined : html`<p class="bad" id="problem" role="alert">${messageOf(error)}</p>`}
<form method="post" action="/oauth/authorize">
${hidden}
${who}
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" class="plain" formnovalidate>Deny</button>
</form>
${other}
<p class="quiet">You go on to ${new URL(authorization.redirectUri).origin}.</p>`;
  return { title: 'Login with Cloud Chamber', body };
}

function purpose({ clientName }: Authorization, product: string | null): Html {
  if (product === null) {
    return html`<p><strong>${clientName}</strong> asks for full access to your account: its devices, its products and their events.</p>`;
  }
  return html`<p><strong>${clientName}</strong> asks to log you in to <strong>${product}</strong> and to control the devices that you set up there. It gets no access to anything else in your account.</p>`;
}

function messageOf(error: DomainError): string {
  switch (error.code) {
    case 'mfa_required':
      return 'Your account asks for a code. Enter your password again, and the code that your authenticator shows or one of your recovery codes.';
    case 'invalid_grant':
      return 'E-mail, password or code are wrong. Check them and try again.';
    case 'email_unverified':
      return 'Confirm the e-mail address of your account first: open the link in the mail that was sent to it, then come back and try again.';
    case 'csrf_failed':
    case 'invalid_token':
      return 'You are not logged in any more. Log in here, or open the console and log in there first.';
    default:
      return `${error.message}.`;
  }
}
