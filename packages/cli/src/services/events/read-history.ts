import type { Input, Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../../cloud/cloud.ts';
import type { Place } from '../place.ts';
import { inOrganization, inProduct } from '../products/find-product.ts';

export type PastEvent = Output<'listHistory'>['events'][number];
export type HistoryQuery = NonNullable<Input<'listHistory'>['query']>;

/** The page size of the log: more are read page by page. */
const MOST_PER_PAGE = 1000;

/** Where the log of a place is, from the slash on. */
export function historyPath(place: Place): string {
  if (place.kind === 'product') return `/v1/products/${encodeURIComponent(place.product)}/history`;
  if (place.kind === 'organization') return `/v1/orgs/${encodeURIComponent(place.organization)}/history`;
  return '/v1/user/history';
}

/** One page of the log of a place. It may be short, and is the last one when `meta.next` is null. */
export function readPage(
  cloud: Pick<Cloud, 'call'>,
  place: Place,
  query: HistoryQuery,
): Promise<Output<'listHistory'>> {
  if (place.kind === 'product') {
    const params = { productIdOrSlug: place.product };
    return inProduct(place.product, cloud.call('listProductHistory', { params, query }));
  }
  if (place.kind === 'organization') {
    const params = { orgIdOrSlug: place.organization };
    return inOrganization(place.organization, cloud.call('listOrganizationHistory', { params, query }));
  }
  return cloud.call('listHistory', { query });
}

/** Past events of a place, page after page, at most `limit` of them. */
export async function readHistory(
  cloud: Pick<Cloud, 'call'>,
  place: Place,
  { limit, ...query }: HistoryQuery & { readonly limit: number },
): Promise<readonly PastEvent[]> {
  const events: PastEvent[] = [];
  let next: string | null = null;
  do {
    const position: HistoryQuery = next === null ? {} : query.order === 'asc' ? { after: next } : { before: next };
    const page = await readPage(cloud, place, {
      ...query,
      ...position,
      limit: Math.min(MOST_PER_PAGE, limit - events.length),
    });
    events.push(...page.events);
    next = page.meta.next;
  } while (next !== null && events.length < limit);
  return events;
}
