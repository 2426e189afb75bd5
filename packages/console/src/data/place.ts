/** Whose things a page shows: the sandbox of whoever is logged in, a product, or an organization. Products and organizations go by id or slug. */
export type Place =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'product'; readonly product: string }
  | { readonly kind: 'organization'; readonly organization: string };

export const SANDBOX: Place = { kind: 'sandbox' };

/** @returns the address that the place's own pages begin with, such as `/products/42`; empty for the sandbox */
export function pathOfPlace(place: Place): string {
  if (place.kind === 'product') return `/products/${encodeURIComponent(place.product)}`;
  if (place.kind === 'organization') return `/orgs/${encodeURIComponent(place.organization)}`;
  return '';
}

/** @param path from the slash on, such as `/integrations` @returns the address of a place's page */
export function pageOf(place: Place, path: string): string {
  return `${pathOfPlace(place)}${path}`;
}
