import type { Kysely, Selectable } from 'kysely';
import type { MailTokenRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export type MailTokenPurpose = MailTokenRow['purpose'];
export type StoredMailToken = Selectable<MailTokenRow>;

export async function insertMailToken(db: Kysely<Tables>, row: MailTokenRow): Promise<void> {
  await db.insertInto('mail_tokens').values(row).execute();
}

export function findMailToken(db: Kysely<Tables>, tokenHash: string): Promise<StoredMailToken | undefined> {
  return db.selectFrom('mail_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** How many tokens of a subject and purpose are still good at `now`. */
export async function countMailTokens(
  db: Kysely<Tables>,
  subjectId: string,
  purpose: MailTokenPurpose,
  now: number,
): Promise<number> {
  const { count } = await db
    .selectFrom('mail_tokens')
    .select((is) => is.fn.countAll().as('count'))
    .where('subject_id', '=', subjectId)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Deletes a token. @returns it, or undefined when there is none: of two at once one gets it. */
export function takeMailTokenRow(
  db: Kysely<Tables>,
  tokenHash: string,
  purpose: MailTokenPurpose,
): Promise<StoredMailToken | undefined> {
  return db
    .deleteFrom('mail_tokens')
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .returningAll()
    .executeTakeFirst();
}

/** Deletes the tokens of a subject, of one purpose or of all. */
export async function deleteMailTokens(
  db: Kysely<Tables>,
  subjectId: string,
  purpose?: MailTokenPurpose,
): Promise<void> {
  let query = db.deleteFrom('mail_tokens').where('subject_id', '=', subjectId);
  if (purpose !== undefined) query = query.where('purpose', '=', purpose);
  await query.execute();
}

/** Deletes what expired before `before`, whoever's it was. */
export async function deleteStaleMailTokens(db: Kysely<Tables>, before: number): Promise<void> {
  await db.deleteFrom('mail_tokens').where('expires_at', '<', before).execute();
}
