import type { UserContext } from '../context.ts';
import type { OrganizationContext } from '../organizations/index.ts';
import { listOrganizationProducts, listProducts, type Product } from '../products/index.ts';
import type { Device } from './device.ts';
import { findOwnerNames, type OwnerNames } from './owner-names.ts';
import { searchDevices } from './search-store.ts';

export interface SearchInput {
  /** Not empty; a part of a name, an id, a serial number or a slug, in any case. */
  readonly text: string;
  readonly devices: boolean;
  readonly products: boolean;
  /** The most hits of each kind. */
  readonly limit: number;
}

export interface SearchResult {
  readonly devices: readonly Device[];
  readonly products: readonly Product[];
  /** Of everybody who owns one of the devices. */
  readonly owners: OwnerNames;
  /** Every product that was searched, by id: where the devices belong. */
  readonly seen: ReadonlyMap<number, Product>;
  readonly hasMore: boolean;
}

/** Looks through everything that the account can see: its devices, its products, those of its teams and organizations, and the devices in them. */
export async function searchAccount(ctx: UserContext, input: SearchInput): Promise<SearchResult> {
  return search(ctx, ctx.actor.userId, await listProducts(ctx), input);
}

/** Looks through the products of an organization that was entered with `products:list`, and the devices in them. */
export async function searchOrganization(ctx: OrganizationContext, input: SearchInput): Promise<SearchResult> {
  const { actor } = ctx;
  const devices = input.devices && (actor.kind !== 'api_user' || actor.scopes.includes('devices:list'));
  return search(ctx, null, await listOrganizationProducts(ctx), { ...input, devices });
}

async function search(
  ctx: Pick<UserContext, 'store'>,
  ownerId: string | null,
  inReach: readonly Product[],
  { text, limit, ...kinds }: SearchInput,
): Promise<SearchResult> {
  const { db } = ctx.store;
  const productIds = inReach.map(({ id }) => id);
  const devices = kinds.devices ? await searchDevices(db, { ownerId, productIds }, text, limit + 1) : [];
  const products = kinds.products ? inReach.filter((product) => matches(product, text)) : [];
  const shown = devices.slice(0, limit);
  return {
    devices: shown,
    products: products.slice(0, limit),
    owners: await findOwnerNames(db, shown),
    seen: new Map(inReach.map((product) => [product.id, product])),
    hasMore: devices.length > limit || products.length > limit,
  };
}

function matches({ id, name, slug }: Product, text: string): boolean {
  const part = text.toLowerCase();
  return [String(id), name.toLowerCase(), slug].some((candidate) => candidate.includes(part));
}
