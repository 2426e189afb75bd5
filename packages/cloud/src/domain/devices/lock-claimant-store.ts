import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { lockUser } from '../accounts/index.ts';
import type { Claimant } from './claim-rules.ts';

/** Holds an account or a customer until the transaction ends, so that nobody deletes it meanwhile. @returns false when it is gone. */
export async function lockClaimant(db: Kysely<Tables>, { kind, id }: Claimant): Promise<boolean> {
  if (kind === 'user') return lockUser(db, id);
  const held = await db
    .updateTable('customers')
    .set((row) => ({ username: row.ref('username') }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return held !== undefined;
}
