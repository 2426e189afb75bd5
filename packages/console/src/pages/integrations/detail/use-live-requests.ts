import { addressOf } from '@cloudchamber/contract/client';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useCan } from '../../../data/permissions.ts';
import { type Place, pathOfPlace } from '../../../data/place.ts';
import { useEventStream } from '../../../data/use-event-stream.ts';
import type { IntegrationDetails } from '../integration-operations.ts';

/** A request ends after 20 s; what was not stored by then is not waited for any more. */
const LONGEST_MS = 25_000;
/** How often is looked for the end of a request. */
const LOOK_MS = 700;

export interface LiveRequests {
  /** Of the query that reads the integration: time between two looks, or false for none. */
  refetchInterval(latest: IntegrationDetails | undefined): number | false;
  readonly isLive: boolean;
}

/**
 * Follows the requests of an integration: `hook-sent` tells that one has gone out, and then is looked until its outcome is there.
 * @param event the prefix that triggers it
 */
export function useLiveRequests(place: Place, event: string | undefined): LiveRequests {
  const can = useCan(place);
  const queries = useQueryClient();
  const [sentAt, setSentAt] = useState<number>();
  /** When the cloud said that a request goes out, by its own clock, and when that was heard, by ours; ms. */
  const sent = useRef({ at: 0, heardAt: 0 });
  const path =
    event !== undefined && can('events:get')
      ? addressOf(streamPath(place), { params: { '*': `hook-sent/${event}` } })
      : null;
  const state = useEventStream({
    path,
    onFrame: ({ data }) => {
      const at = publishedAt(data);
      if (at === undefined) return;
      sent.current = { at, heardAt: Date.now() };
      setSentAt(at);
      void queries.invalidateQueries({ queryKey: ['listDeliveries', place] });
    },
  });
  return {
    isLive: state.kind === 'live',
    refetchInterval: (details) => {
      if (sentAt === undefined || Date.now() - sent.current.heardAt > LONGEST_MS) return false;
      const newest = Math.max(0, ...(details?.logs ?? []).map(({ time }) => Date.parse(time)));
      return newest >= sent.current.at ? false : LOOK_MS;
    },
  };
}

function streamPath(place: Place): string {
  return place.kind === 'sandbox' ? '/v1/devices/events/*' : `/v1${pathOfPlace(place)}/events/*`;
}

function publishedAt(data: string): number | undefined {
  const value: unknown = JSON.parse(data);
  if (typeof value !== 'object' || value === null || !('published_at' in value)) return undefined;
  return Date.parse(String(value.published_at));
}
