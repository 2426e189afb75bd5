import { useQuery } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import type { Place } from '../../data/place.ts';

const LOOKED_AT = 200;
/** What the cloud says of integrations and devices triggers none. */
const NOT_TRIGGERING = /^(?:spark|particle)\/|hook-(?:sent|response|error)\//;

/** @returns names of events that the place had lately and that can trigger integrations, the newest first */
export function useRecentEvents(place: Place): readonly string[] {
  const can = useCan(place);
  const history = useQuery({
    queryKey: ['recentEventNames', place],
    queryFn: async ({ signal }) => {
      const query = { limit: LOOKED_AT };
      const { events } = await (place.kind === 'product'
        ? api.callWith(signal, 'listProductHistory', { params: { productIdOrSlug: place.product }, query })
        : place.kind === 'organization'
          ? api.callWith(signal, 'listOrganizationHistory', { params: { orgIdOrSlug: place.organization }, query })
          : api.callWith(signal, 'listHistory', { query }));
      return [...new Set(events.map(({ name }) => name))].filter((name) => !NOT_TRIGGERING.test(name));
    },
    enabled: can('events:get'),
    staleTime: 60_000,
  });
  return history.data ?? [];
}
