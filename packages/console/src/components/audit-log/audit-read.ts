import type { Output } from '@cloudchamber/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import type { Place } from '../../data/place.ts';
import type { AuditSearch } from './audit-search.ts';

export type AuditEntry = Output<'listAudit'>['entries'][number];

/** Whose log: of a product, an organization, of the person's own account (`sandbox`), or of the whole server. */
export type AuditPlace = Place | 'operator';

const PER_PAGE = 50;

/** Reads a log, newest first, a page at a time. */
export function auditPages(place: AuditPlace, { actor, action, from, to }: AuditSearch) {
  const query = {
    per_page: PER_PAGE,
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { operation: action }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  return infiniteQueryOptions({
    queryKey: ['audit', place, query],
    initialPageParam: null,
    queryFn: ({ signal, pageParam }: { readonly signal: AbortSignal; readonly pageParam: number | null }) =>
      page(place, { ...query, ...(pageParam !== null && { before: pageParam }) }, signal),
    getNextPageParam: ({ meta }: Output<'listAudit'>) => meta.next_before,
  });
}

interface AuditQuery {
  readonly per_page: number;
  readonly before?: number;
  readonly actor?: string;
  readonly operation?: string;
  readonly from?: string;
  readonly to?: string;
}

function page(place: AuditPlace, query: AuditQuery, signal: AbortSignal): Promise<Output<'listAudit'>> {
  if (place === 'operator') return api.callWith(signal, 'listAudit', { query });
  switch (place.kind) {
    case 'product':
      return api.callWith(signal, 'listProductAudit', { params: { productIdOrSlug: place.product }, query });
    case 'organization':
      return api.callWith(signal, 'listOrganizationAudit', { params: { orgIdOrSlug: place.organization }, query });
    case 'sandbox':
      return api.callWith(signal, 'listUserAudit', { query });
  }
}
