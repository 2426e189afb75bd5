import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { lockUser } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { lockTeam } from '../teams/index.ts';
import type { IntegrationOwner } from './integration.ts';

/**
 * Holds the owner until the transaction ends: nothing is added to one that is being deleted, and what is counted stays true. Call it first.
 * @throws DomainError `permission_denied` when the owner is gone.
 */
export async function holdOwner(db: Kysely<Tables>, { kind, id }: IntegrationOwner): Promise<void> {
  const held = kind === 'user' ? await lockUser(db, id) : await lockTeam(db, { kind, id });
  if (!held) throw permissionDenied();
}
