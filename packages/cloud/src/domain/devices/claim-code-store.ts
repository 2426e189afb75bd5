import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely, Selectable } from 'kysely';
import type { ClaimCodeRow } from '../../store/tables/devices.ts';
import type { Tables } from '../../store/tables.ts';

export type StoredClaimCode = Selectable<ClaimCodeRow>;

/** Codes among these digests that are still good at `now`. */
export function findClaimCodes(db: Kysely<Tables>, hashes: readonly string[], now: number): Promise<StoredClaimCode[]> {
  return db
    .selectFrom('claim_codes')
    .selectAll()
    .where('code_hash', 'in', hashes)
    .where('expires_at', '>', now)
    .orderBy('created_at')
    .execute();
}

/**
 * Stores a code; one of the same owner, or one that has expired, is replaced.
 * @returns false when another owner has the same code.
 */
export async function saveClaimCode(db: Kysely<Tables>, row: ClaimCodeRow): Promise<boolean> {
  const { code_hash: _key, ...changes } = row;
  const saved = await db
    .insertInto('claim_codes')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('code_hash')
        .doUpdateSet(changes)
        .where((is) =>
          is.or([is('claim_codes.owner_id', '=', row.owner_id), is('claim_codes.expires_at', '<=', row.created_at)]),
        ),
    )
    .returning('code_hash')
    .executeTakeFirst();
  return saved !== undefined;
}

/** Uses a code up. @returns false when something else did before, or when it has expired. */
export async function takeClaimCode(db: Kysely<Tables>, hash: string, now: number): Promise<boolean> {
  const taken = await db
    .deleteFrom('claim_codes')
    .where('code_hash', '=', hash)
    .where('expires_at', '>', now)
    .returning('code_hash')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Removes an owner's codes that have expired, and of the others all but the newest; `keptHash` is one of those that stay. */
export async function trimClaimCodes(
  db: Kysely<Tables>,
  ownerId: string,
  now: number,
  keptHash: string,
  most: number,
): Promise<void> {
  await db.deleteFrom('claim_codes').where('owner_id', '=', ownerId).where('expires_at', '<=', now).execute();
  const newest = db
    .selectFrom('claim_codes')
    .select('code_hash')
    .where('owner_id', '=', ownerId)
    .where('code_hash', '!=', keptHash)
    .orderBy('created_at', 'desc')
    .orderBy('code_hash')
    .limit(most - 1);
  await db
    .deleteFrom('claim_codes')
    .where('owner_id', '=', ownerId)
    .where('code_hash', '!=', keptHash)
    .where('code_hash', 'not in', newest)
    .execute();
}

/** The ids of the devices that an owner has, in no order. */
export async function findDeviceIdsOf(db: Kysely<Tables>, ownerId: string): Promise<DeviceId[]> {
  const rows = await db.selectFrom('devices').select('id').where('owner_id', '=', ownerId).orderBy('id').execute();
  return rows.map((row) => row.id as DeviceId);
}

/** Removes the codes that are good for a product's devices only. */
export async function deleteClaimCodesOfProduct(db: Kysely<Tables>, productId: number): Promise<void> {
  await db.deleteFrom('claim_codes').where('product_id', '=', productId).execute();
}
