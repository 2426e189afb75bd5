import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type EventLogSearch, eventLogSearch } from './event-log-search.ts';

/** What the address says of the log, and what changes that. A part that is set to undefined leaves the address. */
export function useEventLogSearch(): readonly [EventLogSearch, (change: EventLogSearch) => void] {
  const search = eventLogSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const change = useCallback(
    (changed: EventLogSearch) => {
      void navigate({ to: '.', search: (now) => ({ ...now, ...changed }), replace: true, resetScroll: false });
    },
    [navigate],
  );
  return [search, change];
}
