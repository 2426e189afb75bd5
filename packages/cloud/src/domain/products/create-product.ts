import { findPlatform } from '@cloudchamber/wire';
import type { Bus } from '../../bus/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import type { Ambient, UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { OrganizationContext } from '../organizations/index.ts';
import { parsePlaceName } from '../place-name.ts';
import { freeSlug, slugOf } from '../slug.ts';
import { lockOwner } from './lock-owner.ts';
import { type Product, type ProductOwner, productChanges } from './product.ts';
import { nameKeyOf, parseDescription, productNameTaken } from './product-name.ts';
import { changedSettings, DEFAULT_SETTINGS, type ProductSettingsInput } from './product-settings.ts';
import { findSlugs, insertProduct, isNameTaken } from './product-store.ts';

export interface NewProduct {
  readonly name: string;
  readonly description?: string | undefined;
  readonly platformId: number;
  readonly settings?: ProductSettingsInput | undefined;
}

/** Firmware has the product's number in 16 bits. */
const LAST_PRODUCT_ID = 65_535;

/** How often the next free slug is tried when others make products of such a name at the same time. */
const SLUG_TRIES = 10;

/**
 * Makes a product of the caller's own (PRD-01 to PRD-06).
 * @throws DomainError `invalid` for a name, description, setting or platform that cannot be; `product_name_taken`; `product_ids_used_up`.
 */
export async function createOwnProduct(ctx: UserContext, bus: Bus, input: NewProduct): Promise<Product> {
  return create(ctx, bus, { kind: 'user', id: ctx.actor.userId }, input);
}

/** As `createOwnProduct`, for the organization that was entered with `products:create`. */
export async function createOrganizationProduct(
  ctx: OrganizationContext,
  bus: Bus,
  input: NewProduct,
): Promise<Product> {
  return create(ctx, bus, { kind: 'organization', id: ctx.organization.id }, input);
}

async function create(ctx: Ambient, bus: Bus, owner: ProductOwner, input: NewProduct): Promise<Product> {
  const name = parsePlaceName(input.name);
  const description = parseDescription(input.description ?? '');
  requirePlatform(input.platformId);
  const settings = changedSettings(DEFAULT_SETTINGS, input.settings ?? {});
  const at = ctx.clock.now();
  const product = await ctx.store.db.transaction().execute(async (db) => {
    // Asked first, so that a refusal costs no number on PostgreSQL; of two at once the unique index decides.
    if (await isNameTaken(db, nameKeyOf(name))) throw productNameTaken(name);
    if (!(await lockOwner(db, owner))) throw permissionDenied();
    const stem = `${slugOf(name) || 'product'}-v`;
    for (let tries = 0; tries < SLUG_TRIES; tries++) {
      const slug = freeSlug(await findSlugs(db, stem), (number) => `${stem}${number}`);
      const inserted = await insertProduct(db, {
        name,
        name_key: nameKeyOf(name),
        slug,
        description,
        platform_id: input.platformId,
        owner_kind: owner.kind,
        owner_id: owner.id,
        settings: JSON.stringify(settings),
        created_at: at,
        updated_at: at,
      });
      if (inserted !== undefined) return requireNumber(inserted);
      if (await isNameTaken(db, nameKeyOf(name))) throw productNameTaken(name);
    }
    throw new DomainError('conflict', 'product_slug_taken', 'Others made products of such a name just now: try again');
  });
  bus.publish(productChanges, { productId: product.id });
  ctx.log.info({ product: product.id, owner: owner.id }, 'product created');
  return product;
}

function requirePlatform(platformId: number): void {
  if (findPlatform(platformId) !== undefined) return;
  throw new DomainError(
    'invalid',
    'unknown_platform',
    `There is no platform ${platformId}: GET /v1/platforms lists the platforms and their ids`,
  );
}

function requireNumber(product: Product): Product {
  if (product.id <= LAST_PRODUCT_ID) return product;
  throw new DomainError(
    'conflict',
    'product_ids_used_up',
    `This cloud has given out all of its product ids (up to ${LAST_PRODUCT_ID}), which are never used again: no more products can be made`,
  );
}
