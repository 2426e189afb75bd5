import { minutes } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import type { LoggedIn } from './check-password.ts';
import { type Grant, required } from './grant-request.ts';
import { holdLoggedIn } from './hold-subject.ts';
import { issueToken } from './issue-token.ts';
import { passwordMark } from './password-mark.ts';
import { openNote, sealNote } from './sealed-note.ts';
import { findUserRow } from './user-store.ts';
import { mfaRequired, verifySecondFactor } from './verify-second-factor.ts';

const LOGIN_LIFETIME = minutes(10);
const LOGIN = 'mfa-login';

/** A log-in whose password was right, waiting for the code. */
interface WaitingLogin {
  readonly userId: string;
  readonly clientId: string;
  /** What was asked for with the password: the second step says nothing of it. */
  readonly lifetimeSeconds: number;
  /** Of the password at that time: after a change the log-in has to begin anew. */
  readonly password: string;
  readonly until: number;
}

/**
 * Ends a log-in by password here when the account has a second factor.
 * @throws DomainError `mfa_required` with an `mfa_token` of 10 minutes for the second step.
 */
export async function requireSecondFactor(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  services: Pick<AccountServices, 'secrets'>,
  { id: userId, passwordMark: password }: Pick<LoggedIn, 'id' | 'passwordMark'>,
  login: { readonly clientId: string; readonly lifetimeSeconds: number },
): Promise<void> {
  const row = await findUserRow(ctx.store.db, 'id', userId);
  if (row === undefined || row.mfa_enabled_at === null) return;
  const { clientId, lifetimeSeconds } = login;
  const until = ctx.clock.now() + LOGIN_LIFETIME;
  const waiting: WaitingLogin = { userId, clientId, lifetimeSeconds, password, until };
  throw mfaRequired(sealNote(services, LOGIN, waiting));
}

/**
 * `urn:custom:mfa-otp`: the second step of a log-in (section 6.1 of the API notes). A wrong code leaves `mfa_token` good for another try.
 * @throws DomainError `invalid_grant` for a wrong code, an old or foreign `mfa_token`, or one of another client.
 */
export const grantByMfa: Grant = async (ctx, services, request, client) => {
  const token = required(request.mfaToken, 'mfa_token');
  const otp = required(request.otp, 'otp');
  const waiting = openNote<WaitingLogin>(ctx, services, LOGIN, token);
  if (waiting === undefined || waiting.clientId !== client.id) throw invalidMfaToken();
  const { userId: id, lifetimeSeconds } = waiting;
  const row = await findUserRow(ctx.store.db, 'id', id);
  if (row === undefined || passwordMark(row.password_hash) !== waiting.password) throw invalidMfaToken();
  await verifySecondFactor(ctx, services, id, otp);
  const login = { subject: { kind: 'user' as const, id }, clientId: client.id, lifetimeSeconds, withRefresh: true };
  return ctx.store.db.transaction().execute(async (db) => {
    await holdLoggedIn(db, login.subject, waiting.password);
    return issueToken(ctx, db, login);
  });
};

function invalidMfaToken(): DomainError {
  return new DomainError('invalid', 'invalid_grant', 'mfa_token is not valid any more; log in again');
}
