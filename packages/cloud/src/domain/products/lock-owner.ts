import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { lockUser } from '../accounts/index.ts';
import { lockTeam } from '../teams/index.ts';
import type { ProductOwner } from './product.ts';

/** Holds the owner until the transaction ends, so that no product is left to one that is being deleted. @returns false when it is gone. */
export function lockOwner(db: Kysely<Tables>, owner: ProductOwner): Promise<boolean> {
  return owner.kind === 'user' ? lockUser(db, owner.id) : lockTeam(db, { kind: 'organization', id: owner.id });
}
