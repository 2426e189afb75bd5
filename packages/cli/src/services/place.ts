import { usageError } from '../failure/cli-error.ts';

/** Whose events and integrations a command is about: the account's, those of a product (id or slug), or those of an organization (id or slug). */
export type Place =
  | { readonly kind: 'own' }
  | { readonly kind: 'product'; readonly product: string }
  | { readonly kind: 'organization'; readonly organization: string };

/** @throws CliError of kind `usage` when both are given */
export function placeOf({
  product,
  org,
}: {
  readonly product: string | undefined;
  readonly org: string | undefined;
}): Place {
  if (product !== undefined && org !== undefined) throw usageError('--product and --org exclude each other');
  if (product !== undefined) return { kind: 'product', product };
  return org === undefined ? { kind: 'own' } : { kind: 'organization', organization: org };
}
