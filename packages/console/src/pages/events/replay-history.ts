import type { Input, Output } from '@cloudchamber/contract';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import type { Place } from '../../data/place.ts';

export interface Replay {
  readonly integrationId: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string | undefined;
  /** Names begin so; undefined for all. */
  readonly event: string | undefined;
}

type Body = Exclude<Input<'replayDeliveries'>['body'], FormData>;

/** The integrations of a place. */
export function integrationsOf(place: Place) {
  return queryOptions<Output<'listIntegrations'>>({
    queryKey: [
      place.kind === 'product'
        ? 'listProductIntegrations'
        : place.kind === 'organization'
          ? 'listOrganizationIntegrations'
          : 'listIntegrations',
      place,
    ],
    queryFn: ({ signal }) => {
      if (place.kind === 'product') {
        return api.callWith(signal, 'listProductIntegrations', { params: { productIdOrSlug: place.product } });
      }
      if (place.kind === 'organization') {
        return api.callWith(signal, 'listOrganizationIntegrations', { params: { orgIdOrSlug: place.organization } });
      }
      return api.callWith(signal, 'listIntegrations');
    },
  });
}

/**
 * Replays everything of a span, in as many requests as that takes.
 * @param tell how many it is so far @returns how many deliveries are due now @throws ApiError what was replayed before stays so
 */
export async function replayHistory(place: Place, replay: Replay, tell: (count: number) => void): Promise<number> {
  const { integrationId, from, to, event } = replay;
  // Where the end is left open, it is now: what comes later is delivered anyway.
  const end = to ?? new Date().toISOString();
  let count = 0;
  for (let cursor: string | undefined, more = true; more; ) {
    const reply = await replayPage(place, integrationId, {
      source: 'history',
      from,
      to: end,
      ...(event !== undefined && { event }),
      ...(cursor !== undefined && { cursor }),
    });
    count += reply.replayed;
    tell(count);
    cursor = reply.next ?? undefined;
    more = reply.more && cursor !== undefined;
  }
  return count;
}

function replayPage(place: Place, integrationId: string, body: Body): Promise<Output<'replayDeliveries'>> {
  if (place.kind === 'product') {
    const params = { productIdOrSlug: place.product, integrationId };
    return api.call('replayProductDeliveries', { params, body });
  }
  if (place.kind === 'organization') {
    const params = { orgIdOrSlug: place.organization, integrationId };
    return api.call('replayOrganizationDeliveries', { params, body });
  }
  return api.call('replayDeliveries', { params: { integrationId }, body });
}
