import type { ReactNode } from 'react';
import type { Place } from '../../data/place.ts';
import { Log } from './log.tsx';
import { streamPath } from './log-place.ts';
import { useEventLogSearch } from './use-event-log-search.ts';

export interface EventLogProps {
  /** Whose events. */
  readonly place: Place;
  /** Only events of this device: the log of a device's page (UI-26). */
  readonly deviceId?: string;
  /** CSS height of the log; what the window has left when left out. */
  readonly height?: string;
  /** Stands where there are no events yet, below what the log says itself, such as a button that publishes. */
  readonly emptyActions?: ReactNode;
}

/** The log of events of a place or of one device, live and past (UI-04 to 22). Filter and span stand in the address: its route needs `eventLogSearch`. */
export function EventLog(props: EventLogProps) {
  const [search, setSearch] = useEventLogSearch();
  const path = streamPath(props.place, props.deviceId);
  const isLive = search.span !== 'custom';
  return <Log key={`${path} ${isLive}`} {...props} path={isLive ? path : null} search={search} setSearch={setSearch} />;
}
