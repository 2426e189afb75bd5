import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/** Switches the second factor on. @returns false when it is on already. */
export async function insertMfa(
  db: Kysely<Tables>,
  userId: string,
  mfa: {
    readonly secret: Uint8Array;
    readonly at: number;
    readonly step: number;
    readonly codeHashes: readonly string[];
  },
): Promise<boolean> {
  const updated = await db
    .updateTable('users')
    .set({ mfa_secret: mfa.secret, mfa_enabled_at: mfa.at, mfa_last_step: mfa.step })
    .where('id', '=', userId)
    .where('mfa_enabled_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (updated === undefined) return false;
  await db.deleteFrom('mfa_recovery_codes').where('user_id', '=', userId).execute();
  const codes = mfa.codeHashes.map((code_hash) => ({ user_id: userId, code_hash, used_at: null }));
  await db.insertInto('mfa_recovery_codes').values(codes).execute();
  return true;
}

/** Switches the second factor off and forgets everything of it. */
export async function deleteMfa(db: Kysely<Tables>, userId: string): Promise<void> {
  await db.deleteFrom('mfa_recovery_codes').where('user_id', '=', userId).execute();
  await db
    .updateTable('users')
    .set({ mfa_secret: null, mfa_enabled_at: null, mfa_last_step: null })
    .where('id', '=', userId)
    .execute();
}

/** Takes the code of a time step. @returns false when it, or the code of a later step, was taken before. */
export async function takeStep(db: Kysely<Tables>, userId: string, step: number): Promise<boolean> {
  const updated = await db
    .updateTable('users')
    .set({ mfa_last_step: step })
    .where('id', '=', userId)
    .where('mfa_enabled_at', 'is not', null)
    .where((is) => is.or([is('mfa_last_step', 'is', null), is('mfa_last_step', '<', step)]))
    .returning('id')
    .executeTakeFirst();
  return updated !== undefined;
}

/** Uses up a recovery code. @returns false when there is none, or it was used before. */
export async function takeRecoveryCode(
  db: Kysely<Tables>,
  userId: string,
  codeHash: string,
  now: number,
): Promise<boolean> {
  const updated = await db
    .updateTable('mfa_recovery_codes')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .returning('code_hash')
    .executeTakeFirst();
  return updated !== undefined;
}
