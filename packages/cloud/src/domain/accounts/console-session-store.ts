import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/** Moves the end of an access token. @param from its end until now, wall time, ms @returns false when it is gone or somebody else moved it */
export async function moveTokenEnd(db: Kysely<Tables>, id: string, from: number, to: number): Promise<boolean> {
  const moved = await db
    .updateTable('access_tokens')
    .set({ expires_at: to })
    .where('id', '=', id)
    .where('expires_at', '=', from)
    .returning('id')
    .executeTakeFirst();
  return moved !== undefined;
}

/** Is any account an operator? */
export async function hasOperator(db: Kysely<Tables>): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').where('operator', '=', 1).limit(1).executeTakeFirst();
  return row !== undefined;
}
