import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { permissionDenied } from '../authorization/index.ts';
import type { Product } from '../products/index.ts';
import { lockTeam } from '../teams/index.ts';

/**
 * Holds the product until the transaction ends: nothing is added to one that is being deleted, and what is counted stays true. Call it before
 * anything else in the transaction.
 * @throws DomainError `permission_denied` when the product is gone, as for one that never was.
 */
export async function holdProduct(db: Kysely<Tables>, { id }: Pick<Product, 'id'>): Promise<void> {
  if (!(await lockTeam(db, { kind: 'product', id: String(id) }))) throw permissionDenied();
}
