import { lockUser, newId } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import type { UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { parsePlaceName } from '../place-name.ts';
import { freeSlug, slugOf } from '../slug.ts';
import type { Organization } from './organization.ts';
import { findSlugs, insertOrganization } from './organization-store.ts';

/** Who may make organizations: operators only, or every account (CHAMBER_ORG_CREATION). */
export type OrganizationPolicy = 'operator' | 'open';

/** How often the next free slug is tried when others make organizations of that name at the same time. */
const SLUG_TRIES = 10;

/** An organization's id looks like this, so that no slug may. */
const ID = /^[0-9a-f]{24}$/;

/**
 * Makes an organization whose owner is the caller (ORG-01).
 * @throws DomainError `operator_only` by the policy, `invalid` for the name.
 */
export async function createOrganization(
  ctx: UserContext,
  policy: OrganizationPolicy,
  input: { readonly name: string },
): Promise<Organization> {
  const { actor } = ctx;
  if (policy !== 'open' && !actor.operator) {
    throw new DomainError(
      'forbidden',
      'operator_only',
      'Only an operator of this server makes organizations: ask one to make it and to invite you',
    );
  }
  const name = parsePlaceName(input.name);
  const at = ctx.clock.now();
  const organization = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await lockUser(db, actor.userId))) throw permissionDenied();
    const stem = slugOf(name) || 'organization';
    for (let tries = 0; tries < SLUG_TRIES; tries++) {
      const slug = freeSlug(await findSlugs(db, stem), (number) => numbered(stem, number));
      const row = { id: newId(ctx.entropy), slug, name, owner_id: actor.userId, created_at: at, updated_at: at };
      const inserted = await insertOrganization(db, row);
      if (inserted !== undefined) return inserted;
    }
    throw new DomainError(
      'conflict',
      'organization_slug_taken',
      'Others made organizations of that name just now: try again',
    );
  });
  ctx.log.info({ organization: organization.id, owner: actor.userId }, 'organization created');
  return organization;
}

function numbered(stem: string, number: number): string {
  return number === 1 && !ID.test(stem) ? stem : `${stem}-${number}`;
}
