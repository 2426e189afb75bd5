import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import { findVersion } from './firmware-version-store.ts';

/**
 * May devices of the product be locked to this version (OTA-12)? Call it in the transaction that locks one, behind the product's lock, so that the version isn't
 * deleted meanwhile.
 * @throws DomainError `device.invalid` for a version that the product doesn't have, or that is archived.
 */
export async function checkLock(db: Kysely<Tables>, productId: number, version: number): Promise<void> {
  const found = await findVersion(db, productId, version);
  if (found === undefined) throw refused(`The product has no firmware version ${version} to lock to: upload it first`);
  if (found.archivedAt !== null)
    throw refused(`Firmware version ${version} is archived: no device can be locked to it`);
}

const refused = (message: string) => new DomainError('invalid', 'device.invalid', message);
