import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Place } from '../../data/place.ts';
import { eventOfHistory, type LogEvent } from './log-event.ts';
import { type HistoryQuery, readHistory } from './log-place.ts';

const PAGE = 200;
/** More than this is for an export. */
const MOST_PAGES = 50;

export interface PastEvents {
  /** Newest first. */
  readonly events: readonly LogEvent[];
  readonly hasMore: boolean;
  /** Whether so much has been read that no more is read into the page. */
  readonly isFull: boolean;
  readonly isReading: boolean;
  readonly error: Error | null;
  readMore(): void;
}

/**
 * Reads the history of a place from its newest end on, page by page.
 * @param query what is asked for; `before` begins it behind an event
 * @param isShown whether it is wanted at all @param mayRead whether it may be read by now
 */
export function usePastEvents(place: Place, query: HistoryQuery, isShown: boolean, mayRead: boolean): PastEvents {
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['listHistory', place, query],
    queryFn: ({ pageParam, signal }) =>
      readHistory(place, { ...query, limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) }, signal),
    initialPageParam: query.before,
    getNextPageParam: ({ meta }) => meta.next ?? undefined,
    enabled: isShown && mayRead,
    // Past events don't change; what comes anew comes by the stream.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const events = useMemo(() => (data?.pages ?? []).flatMap((page) => page.events.map(eventOfHistory)), [data]);
  const isFull = (data?.pages.length ?? 0) >= MOST_PAGES;
  return {
    events: isShown ? events : [],
    hasMore: hasNextPage,
    isFull,
    isReading: isShown && (isFetching || (data === undefined && error === null)),
    error,
    readMore: () => {
      if (isFetching || isFull) return;
      void (data === undefined ? refetch() : fetchNextPage());
    },
  };
}
