import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { deleteClaimCodesOfProduct } from './claim-code-store.ts';

/** The part of a product's end that claim codes have: those for its devices are gone. @returns what is left to do after the commit: nothing. */
export async function endProductClaims(db: Kysely<Tables>, productId: number): Promise<() => void> {
  await deleteClaimCodesOfProduct(db, productId);
  return () => {};
}
