import type { Scope } from '@cloudchamber/contract';
import { useQuery } from '@tanstack/react-query';
import type { Place } from './place.ts';
import { reading } from './query.ts';

/**
 * Says what the person may do in a place: `can('devices:update')`. In the sandbox everything; in a product or organization what their role includes, and
 * nothing until that is known. The cloud asks again at every call: this only spares people buttons that would be refused.
 */
export function useCan(place: Place): (scope: Scope) => boolean {
  const scopes = useScopes(place);
  return (scope) => place.kind === 'sandbox' || scopes.includes(scope);
}

/** Whether it is known yet what the person may do in a place: pages that look otherwise for who may not wait for it. */
export function usePermissionsKnown(place: Place): boolean {
  return useScopes(place).length > 0 || place.kind === 'sandbox';
}

/** @returns every permission that the person has in a product or an organization; none in the sandbox, where there is nothing to permit, and none until it is known */
export function useScopes(place: Place): readonly Scope[] {
  const { product, organization } = { product: '', organization: '', ...place };
  const ofProduct = useQuery({
    ...reading('getProductPermissions', { params: { productIdOrSlug: product } }),
    enabled: place.kind === 'product',
    staleTime: 60_000,
  });
  const ofOrganization = useQuery({
    ...reading('getOrganizationPermissions', { params: { orgIdOrSlug: organization } }),
    enabled: place.kind === 'organization',
    staleTime: 60_000,
  });
  if (place.kind === 'sandbox') return [];
  return (place.kind === 'product' ? ofProduct : ofOrganization).data?.scopes ?? [];
}
