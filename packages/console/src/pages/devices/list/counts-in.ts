import type { Output } from '@cloudchamber/contract';

export type Product = Output<'listProducts'>['products'][number];

/** Where a device counts (LST-04): in a sandbox, the owner's or somebody else's, or in an organization. */
export type CountsIn =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'own_product'; readonly product: string }
  | { readonly kind: 'other_sandbox'; readonly product: string }
  | { readonly kind: 'organization'; readonly product: string; readonly organization: string }
  | { readonly kind: 'unknown_product' };

/** @param product that the device is in; undefined when the account can't see it @param userId of the account */
export function countsIn(product: Product | undefined, userId: string): CountsIn {
  if (product === undefined) return { kind: 'unknown_product' };
  const { name, org, user } = product;
  if (org !== null) return { kind: 'organization', product: name, organization: org };
  return user === userId ? { kind: 'own_product', product: name } : { kind: 'other_sandbox', product: name };
}

/** @returns the place in a few words */
export function countsLabel(counts: CountsIn): string {
  switch (counts.kind) {
    case 'sandbox':
    case 'own_product':
      return 'Your sandbox';
    case 'other_sandbox':
      return "Another's sandbox";
    case 'organization':
      return `Organization ${counts.organization}`;
    case 'unknown_product':
      return 'Not known';
  }
}

/** @returns why it counts there */
export function countsReason(counts: CountsIn): string {
  switch (counts.kind) {
    case 'sandbox':
      return 'It is claimed to you and in no product.';
    case 'own_product':
      return `It is in ${counts.product}, a product of your sandbox.`;
    case 'other_sandbox':
      return `It is claimed to you, and in ${counts.product}, which is in the sandbox of another account.`;
    case 'organization':
      return `It is claimed to you, and in ${counts.product}, a product of the organization ${counts.organization}. It does not count in your sandbox.`;
    case 'unknown_product':
      return 'It is claimed to you, and in a product that you cannot see. Ask the team of that product.';
  }
}

/** @returns how many devices count where, the most first */
export function countsByPlace(rows: readonly { readonly counts: CountsIn }[]): [label: string, count: number][] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const label = countsLabel(row.counts);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
