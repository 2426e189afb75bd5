import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** @returns false when there is no such blob */
export async function touchBlob(db: Kysely<Tables>, hash: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('firmware_blobs')
    .set({ used_at: at })
    .where('hash', '=', hash)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function insertBlob(
  db: Kysely<Tables>,
  { hash, data, at }: { readonly hash: string; readonly data: Uint8Array; readonly at: number },
): Promise<void> {
  await db
    .insertInto('firmware_blobs')
    .values({ hash, size: data.length, used_at: at, data })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ used_at: at }))
    .execute();
}

export async function readBlob(db: Kysely<Tables>, hash: string): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('firmware_blobs').select('data').where('hash', '=', hash).executeTakeFirst();
  return row?.data;
}

/** Deletes at most `limit` blobs that were last put before `before` and that nothing refers to. @returns how many */
export async function deleteUnusedBlobs(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const unused = db
    .selectFrom('firmware_blobs as blob')
    .select('blob.hash')
    .where('blob.used_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('product_firmware').select('id').whereRef('file_hash', '=', 'blob.hash'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('firmware_modules').select('id').whereRef('firmware_modules.hash', '=', 'blob.hash'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('firmware_updates')
            .select('id')
            .where('ended_at', 'is', null)
            .where(sql<boolean>`image_list like '%' || blob.hash || '%'`),
        ),
      ),
    )
    .limit(limit);
  const deleted = await db
    .deleteFrom('firmware_blobs')
    .where('hash', 'in', unused)
    .where('used_at', '<', before)
    .returning('hash')
    .execute();
  return deleted.length;
}
