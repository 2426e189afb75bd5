import type { Kysely, Selectable } from 'kysely';
import type { AuthorizationCodeRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export function findAuthorizationCode(
  db: Kysely<Tables>,
  codeHash: string,
): Promise<Selectable<AuthorizationCodeRow> | undefined> {
  return db.selectFrom('authorization_codes').selectAll().where('code_hash', '=', codeHash).executeTakeFirst();
}

export async function insertAuthorizationCode(db: Kysely<Tables>, row: AuthorizationCodeRow): Promise<void> {
  await db.insertInto('authorization_codes').values(row).execute();
}

/** Marks a code as used. @returns false when it was used before. */
export async function useAuthorizationCode(db: Kysely<Tables>, codeHash: string, now: number): Promise<boolean> {
  const used = await db
    .updateTable('authorization_codes')
    .set({ used_at: now })
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .returning('code_hash')
    .executeTakeFirst();
  return used !== undefined;
}

/** Removes the codes of an account that expired before `before`: until then a second use is noticed. */
export async function deleteStaleCodes(db: Kysely<Tables>, userId: string, before: number): Promise<void> {
  await db.deleteFrom('authorization_codes').where('user_id', '=', userId).where('expires_at', '<', before).execute();
}

export async function deleteCodesOfClient(db: Kysely<Tables>, clientId: string): Promise<void> {
  await db.deleteFrom('authorization_codes').where('client_id', '=', clientId).execute();
}
