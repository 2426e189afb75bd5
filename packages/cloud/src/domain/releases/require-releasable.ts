import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { findGroupNames } from '../products/index.ts';
import { firmwareNotFound, groupsNotFound, isArchived, neverRan } from './firmware-errors.ts';
import type { FirmwareVersion } from './firmware-version.ts';
import { findVersion } from './firmware-version-store.ts';

/**
 * A version that may be released to these groups: call it behind the product's lock, in the transaction that releases it.
 * @throws DomainError `firmware.not_found`, `firmware.group_not_found`, `firmware.archived`; `firmware.never_ran` before a device of the product has run it (OTA-08)
 */
export async function requireReleasable(
  db: Kysely<Tables>,
  productId: number,
  { version, groups }: { readonly version: number; readonly groups: readonly string[] },
): Promise<FirmwareVersion> {
  const found = await findVersion(db, productId, version);
  if (found === undefined) throw firmwareNotFound(version);
  await requireGroups(db, productId, groups);
  if (found.archivedAt !== null) throw isArchived(version);
  if (found.firstRunAt === null) throw neverRan(version);
  return found;
}

/** @throws DomainError `firmware.group_not_found`, which names those that the product lacks */
export async function requireGroups(db: Kysely<Tables>, productId: number, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  const known = new Set((await findGroupNames(db, [productId])).get(productId));
  const unknown = groups.filter((name) => !known.has(name));
  if (unknown.length > 0) throw groupsNotFound(unknown);
}
