import { permissionDenied } from '../authorization/index.ts';
import { parsePlaceName } from '../place-name.ts';
import type { Organization, OrganizationContext } from './organization.ts';
import { changeOrganization } from './organization-store.ts';

/**
 * Gives the organization another name; its slug stays.
 * @throws DomainError `invalid` for the name; `permission_denied` when it was deleted meanwhile.
 */
export async function updateOrganization(
  ctx: OrganizationContext,
  input: { readonly name: string },
): Promise<Organization> {
  const name = parsePlaceName(input.name);
  const changed = await changeOrganization(ctx.store.db, ctx.organization.id, { name, updated_at: ctx.clock.now() });
  if (changed === undefined) throw permissionDenied();
  return changed;
}
