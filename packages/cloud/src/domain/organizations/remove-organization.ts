import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { AccountServices } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import { endTeam, lockTeam } from '../teams/index.ts';
import type { OrganizationContext } from './organization.ts';
import { deleteOrganization, hasProducts } from './organization-store.ts';

/** What else ends with an organization, in the transaction that deletes it. @returns what is to be told after the commit. */
type OrganizationEnding = (db: Kysely<Tables>, organizationId: string) => Promise<() => void>;

/**
 * Deletes the organization with its team.
 * @param endings what else ends with it, in this order
 * @throws DomainError `organization_has_products`; `permission_denied` when it was deleted meanwhile.
 */
export async function removeOrganization(
  ctx: OrganizationContext,
  services: Pick<AccountServices, 'tokens' | 'bus'>,
  endings: readonly OrganizationEnding[],
): Promise<void> {
  const { id } = ctx.organization;
  const announcements = await ctx.store.db.transaction().execute(async (db) => {
    // Whoever makes a product in it holds this lock too, so that none appears after the question below.
    if (!(await lockTeam(db, { kind: 'organization', id }))) throw permissionDenied();
    if (await hasProducts(db, id)) {
      throw new DomainError(
        'conflict',
        'organization_has_products',
        'The organization has products: delete them, or transfer them to another owner, first',
      );
    }
    await deleteOrganization(db, id);
    const tell = [await endTeam(services, db, { kind: 'organization', id })];
    for (const end of endings) tell.push(await end(db, id));
    return tell;
  });
  for (const tell of announcements) tell();
  ctx.log.info({ organization: id }, 'organization removed');
}
