import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import {
  countMailTokens,
  deleteStaleMailTokens,
  findMailToken,
  insertMailToken,
  type MailTokenPurpose,
  takeMailTokenRow,
} from './mail-token-store.ts';
import { digest, newSecret } from './secrets.ts';

/** Mails of one purpose that may wait for an answer: whoever asks again and again fills nobody's inbox. */
const MOST_WAITING = 5;

/** A token that a mail will carry; the store gets its digest with `keepMailToken`, after the mail went out. */
export interface MailToken {
  readonly token: string;
  readonly purpose: MailTokenPurpose;
  /** The account or customer that it is for. */
  readonly subjectId: string;
  /** How long the link works, ms. */
  readonly lifetimeMs: number;
}

export function newMailToken(
  ctx: Pick<Ambient, 'entropy'>,
  purpose: MailTokenPurpose,
  subjectId: string,
  lifetimeMs: number,
): MailToken {
  return { token: newSecret(ctx.entropy), purpose, subjectId, lifetimeMs };
}

/** Stores what makes the link of a mail work. What has expired, of anybody, goes meanwhile. */
export async function keepMailToken(ctx: Pick<Ambient, 'clock'>, db: Kysely<Tables>, made: MailToken): Promise<void> {
  const now = ctx.clock.now();
  await deleteStaleMailTokens(db, now);
  await insertMailToken(db, {
    token_hash: digest(made.token),
    purpose: made.purpose,
    subject_id: made.subjectId,
    payload: null,
    created_at: now,
    expires_at: now + made.lifetimeMs,
  });
}

/** May another mail of this purpose go to this subject? Not while five wait for an answer. */
export async function mayMailAgain(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  subjectId: string,
  purpose: MailTokenPurpose,
): Promise<boolean> {
  return (await countMailTokens(ctx.store.db, subjectId, purpose, ctx.clock.now())) < MOST_WAITING;
}

/** Whom a token is for, without using it, or undefined. */
export async function peekMailToken(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  purpose: MailTokenPurpose,
  token: string,
): Promise<string | undefined> {
  const row = await findMailToken(ctx.store.db, digest(token));
  return row?.purpose === purpose && row.expires_at > ctx.clock.now() ? row.subject_id : undefined;
}

/**
 * Uses up a token: each is good once.
 * @returns the account or customer that it was for.
 * @throws DomainError `invalid` (`invalid_mail_token`) when it is unknown, used, expired or for something else.
 */
export async function takeMailToken(
  ctx: Pick<Ambient, 'clock'>,
  db: Kysely<Tables>,
  purpose: MailTokenPurpose,
  token: string,
): Promise<string> {
  const row = await takeMailTokenRow(db, digest(token), purpose);
  if (row === undefined || row.expires_at <= ctx.clock.now()) throw invalidMailToken();
  return row.subject_id;
}

export function invalidMailToken(): DomainError {
  return new DomainError(
    'invalid',
    'invalid_mail_token',
    'That link was used already, has expired or was never sent; ask for a new one',
  );
}
