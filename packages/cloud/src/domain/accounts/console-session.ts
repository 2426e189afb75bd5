import { days } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Ambient } from '../context.ts';
import type { AccountServices } from './account-services.ts';
import { type Credentials, checkPassword } from './check-password.ts';
import { moveTokenEnd } from './console-session-store.ts';
import { holdLoggedIn } from './hold-subject.ts';
import { issueToken } from './issue-token.ts';
import { revokeGrant } from './revoke-tokens.ts';
import { digest } from './secrets.ts';
import { findTokenByHash } from './token-store.ts';
import { type User, userFromRow } from './user.ts';
import { findUserRow } from './user-store.ts';
import { verifySecondFactor } from './verify-second-factor.ts';

/** How long a session lasts after its last use, ms. */
export const CONSOLE_SESSION_LIFETIME = days(14);
/** A session that is younger is not renewed, so that not every use is a write. */
const RENEW_AFTER = days(1);
/** What the list of an account's tokens shows for a session. No other client has this id: theirs end in a number. */
const CONSOLE_CLIENT = 'console';

/** A browser that is logged in. Its token is an access token like any other, so whatever ends those ends it too. */
export interface ConsoleSession {
  readonly user: User;
  readonly tokenId: string;
  /** 40 hex digits; the store keeps a digest. */
  readonly token: string;
}

/**
 * Logs a browser in.
 * @throws DomainError as `checkPassword` and `verifySecondFactor` do.
 */
export async function openConsoleSession(
  ctx: Ambient,
  services: Pick<AccountServices, 'hasher' | 'throttle' | 'secrets'>,
  credentials: Credentials & { readonly otp?: string | undefined },
): Promise<ConsoleSession> {
  const { passwordMark, ...user } = await checkPassword(ctx, services, credentials);
  await verifySecondFactor(ctx, services, user.id, credentials.otp);
  return ctx.store.db.transaction().execute(async (db) => {
    await holdLoggedIn(db, { kind: 'user', id: user.id }, passwordMark);
    return startConsoleSession(ctx, db, user);
  });
}

/** A session of an account that has proven who it is. Written through `db`, which may be a transaction. */
export async function startConsoleSession(
  ctx: Pick<Ambient, 'clock' | 'entropy'>,
  db: Kysely<Tables>,
  user: User,
): Promise<ConsoleSession> {
  const { accessToken: token, tokenId } = await issueToken(ctx, db, {
    subject: { kind: 'user', id: user.id },
    clientId: CONSOLE_CLIENT,
    lifetimeSeconds: CONSOLE_SESSION_LIFETIME / 1000,
    withRefresh: false,
  });
  return { user, tokenId, token };
}

/** The session with this token while it lasts; undefined for any other token. */
export async function findConsoleSession(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  token: string,
): Promise<ConsoleSession | undefined> {
  return (await findSession(ctx, token))?.session;
}

/**
 * As `findConsoleSession`, and lets a session that is more than a day old last for another 14 days.
 * @returns the session, and whether its end was moved.
 */
export async function renewConsoleSession(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  services: Pick<AccountServices, 'tokens'>,
  token: string,
): Promise<{ readonly session: ConsoleSession; readonly renewed: boolean } | undefined> {
  const found = await findSession(ctx, token);
  if (found === undefined) return undefined;
  const { session, expiresAt } = found;
  const end = ctx.clock.now() + CONSOLE_SESSION_LIFETIME;
  if (end - expiresAt < RENEW_AFTER) return { session, renewed: false };
  const renewed = await moveTokenEnd(ctx.store.db, session.tokenId, expiresAt, end);
  if (renewed) services.tokens.forget([session.tokenId]);
  return { session, renewed };
}

/** Ends the session with this token, if there is one. */
export async function endConsoleSession(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  services: Pick<AccountServices, 'tokens' | 'bus'>,
  token: string,
): Promise<void> {
  const found = await findSession(ctx, token);
  if (found !== undefined) await revokeGrant(ctx, services, found.grantId);
}

async function findSession(ctx: Pick<Ambient, 'store' | 'clock'>, token: string) {
  const { db } = ctx.store;
  const row = await findTokenByHash(db, digest(token));
  if (row?.client_id !== CONSOLE_CLIENT || row.subject_kind !== 'user') return undefined;
  const { id: tokenId, subject_id: userId, expires_at: expiresAt, grant_id: grantId } = row;
  if (expiresAt === null || expiresAt <= ctx.clock.now()) return undefined;
  const userRow = await findUserRow(db, 'id', userId);
  if (userRow === undefined) return undefined;
  const session: ConsoleSession = { user: userFromRow(userRow), tokenId, token };
  return { session, expiresAt, grantId };
}
