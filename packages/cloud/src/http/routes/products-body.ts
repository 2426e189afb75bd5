import type { productRoutes } from '@cloudchamber/contract';
import type { z } from 'zod';
import type { Ambient } from '../../domain/context.ts';
import { findOrganizationsById, type Organization } from '../../domain/organizations/index.ts';
import { findGroupNames, type Product } from '../../domain/products/index.ts';

type ProductBody = z.output<(typeof productRoutes.getProduct.responses)[200]>['product'];

/** The product objects of the API (section 1 of the product notes), in the order of `products`. */
export async function productBodies(ctx: Pick<Ambient, 'store'>, products: readonly Product[]): Promise<ProductBody[]> {
  const { db } = ctx.store;
  const groups = await findGroupNames(
    db,
    products.map(({ id }) => id),
  );
  const organizations = await organizationsOfProducts(ctx, products);
  return products.map((product) => bodyOf(product, groups.get(product.id) ?? [], organizations.get(product.owner.id)));
}

export async function productBody(ctx: Pick<Ambient, 'store'>, product: Product): Promise<ProductBody> {
  const groups = await findGroupNames(ctx.store.db, [product.id]);
  const organizations = await organizationsOfProducts(ctx, [product]);
  return bodyOf(product, groups.get(product.id) ?? [], organizations.get(product.owner.id));
}

/** The organizations that own some of the products, by id. */
export function organizationsOfProducts(
  ctx: Pick<Ambient, 'store'>,
  products: readonly Product[],
): Promise<ReadonlyMap<string, Organization>> {
  const ids = products.flatMap(({ owner }) => (owner.kind === 'organization' ? owner.id : []));
  return findOrganizationsById(ctx.store.db, [...new Set(ids)]);
}

function bodyOf(product: Product, groups: string[], organization: Organization | undefined): ProductBody {
  const { owner, settings } = product;
  return {
    id: product.id,
    platform_id: product.platformId,
    name: product.name,
    slug: product.slug,
    description: product.description,
    subscription_id: null,
    user: owner.kind === 'user' ? owner.id : null,
    org: organization?.slug ?? null,
    organization_id: owner.kind === 'organization' ? owner.id : null,
    groups,
    settings: { ...settings, quarantine: settings.unknown_devices === 'quarantine' },
    device_protection: 'disabled',
  };
}
