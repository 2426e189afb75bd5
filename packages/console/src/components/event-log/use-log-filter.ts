import { useCallback, useMemo } from 'react';
import { useZone } from '../../ui/time.tsx';
import type { EventLogSearch } from './event-log-search.ts';
import { eventTime } from './event-time.ts';
import type { LogEvent } from './log-event.ts';
import { isEmptyFilter, matchEvent } from './match-event.ts';
import { type EventFilter, parseFilter } from './parse-filter.ts';
import type { DeviceNames } from './use-device-names.ts';
import { useFilterText } from './use-filter-text.ts';

export interface UseLogFilter {
  readonly search: EventLogSearch;
  setSearch(change: EventLogSearch): void;
  readonly isOneDevice: boolean;
  readonly names: DeviceNames;
}

export interface LogFilter {
  /** What stands in the box. */
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly filter: EventFilter;
  /** The same as long as it lets the same events through. */
  readonly passes: (event: LogEvent) => boolean;
}

const passAll = () => true;

/** The filter of the log: kept in the address, taken apart, and applied to events with the names and times that the log shows. */
export function useLogFilter({ search, setSearch, isOneDevice, names }: UseLogFilter): LogFilter {
  const zone = useZone();
  const setFilter = useCallback((filter: string | undefined) => setSearch({ filter }), [setSearch]);
  const [text, setText] = useFilterText(search.filter ?? '', setFilter);
  const filter = useMemo(() => parseFilter(text, { oneDevice: isOneDevice }), [text, isOneDevice]);
  const passes = useMemo(() => {
    if (isEmptyFilter(filter)) return passAll;
    const context = {
      nameOf: (id: string) => names.get(id) ?? undefined,
      timeOf: (ms: number) => eventTime(ms, zone),
    };
    return (event: LogEvent) => matchEvent(filter, event, context);
  }, [filter, names, zone]);
  return { text, setText, filter, passes };
}
