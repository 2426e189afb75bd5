import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { wrongCredentials } from './check-password.ts';
import { passwordMark } from './password-mark.ts';
import type { TokenSubject } from './token-store.ts';

/**
 * Holds the account or customer that tokens are of until the transaction ends: whoever gives tokens out and whoever ends all of them do so one after
 * the other. Programs have no row to hold; their tokens end with their client.
 * @returns the hash of its password, null or empty for none; undefined when it is gone.
 */
export async function holdSubject(db: Kysely<Tables>, { kind, id }: TokenSubject): Promise<string | null | undefined> {
  if (kind === 'user') {
    const query = db.updateTable('users').set((row) => ({ operator: row.ref('operator') }));
    return (await query.where('id', '=', id).returning('password_hash').executeTakeFirst())?.password_hash;
  }
  if (kind !== 'customer') return null;
  const query = db.updateTable('customers').set((row) => ({ username: row.ref('username') }));
  return (await query.where('id', '=', id).returning('password_hash').executeTakeFirst())?.password_hash;
}

/**
 * As `holdSubject`, after a password was checked outside the transaction.
 * @param mark of the password that was right
 * @throws DomainError `invalid_grant` when it is another one by now, or the subject is gone.
 */
export async function holdLoggedIn(db: Kysely<Tables>, subject: TokenSubject, mark: string): Promise<void> {
  const hash = await holdSubject(db, subject);
  if (hash === undefined || passwordMark(hash) !== mark) throw wrongCredentials();
}
