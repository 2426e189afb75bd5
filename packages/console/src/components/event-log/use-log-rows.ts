import { useCallback, useMemo, useRef, useState } from 'react';
import type { Place } from '../../data/place.ts';
import type { LiveLog, LiveState } from './live-log.ts';
import type { LogEntry, LogEvent } from './log-event.ts';
import type { HistoryQuery } from './log-place.ts';
import { type PastEvents, usePastEvents } from './use-past-events.ts';

export interface UseLogRows {
  readonly place: Place;
  readonly log: LiveLog;
  readonly live: LiveState;
  /** What the history is asked for. */
  readonly query: HistoryQuery;
  passes(event: LogEvent): boolean;
  /** Whether a span is shown, whose past is read at once. */
  readonly isSpan: boolean;
  /** Whether the stream is there (or none is needed): the past is read after that, so that nothing falls between. */
  readonly isOpen: boolean;
}

export interface LogRows {
  readonly count: number;
  /** 0 is the newest. */
  entryAt(index: number): LogEntry | undefined;
  /** Events that are here and that the filter hides. */
  readonly hidden: number;
  readonly past: PastEvents;
  readonly isPastShown: boolean;
  /** Reads further back, because the person wants it. */
  earlier(): void;
  /** Reads further back because the list has been scrolled to its end; not for ever where nothing passes the filter. */
  autoEarlier(): void;
  /** The past is not shown any more. */
  forget(): void;
}

/** Where the past begins: behind an event, as long as the live log has dropped no more than it had then. Else a gap would be between them. */
interface Begin {
  readonly before: number | undefined;
  readonly dropped: number;
}

/** Pages that are read one after the other without one event that passes the filter. */
const MOST_FRUITLESS = 5;

/** The rows of the log: live events above, and below them the past, as far as it was read, without gap or duplicate. */
export function useLogRows({ place, log, live, query, passes, isSpan, isOpen }: UseLogRows): LogRows {
  const [begin, setBegin] = useState<Begin | undefined>(isSpan ? { before: undefined, dropped: 0 } : undefined);
  const span = useRef(isSpan);
  if (span.current !== isSpan) {
    span.current = isSpan;
    setBegin(isSpan ? { before: undefined, dropped: live.dropped } : undefined);
  }
  const isPastShown = begin !== undefined && begin.dropped === live.dropped;
  const asked = useMemo(
    () => ({ ...query, ...(begin?.before !== undefined && { before: String(begin.before) }) }),
    [query, begin],
  );
  // Once: a stream that breaks later goes on without a gap.
  const wasOpen = useRef(false);
  if (isOpen) wasOpen.current = true;
  const past = usePastEvents(place, asked, isPastShown, wasOpen.current);
  const { oldestId = Number.POSITIVE_INFINITY } = live;
  // What was read while live events came is not shown twice.
  const passed = useMemo(
    () => (isPastShown ? past.events.filter((event) => event.id < oldestId && passes(event)) : []),
    [past.events, oldestId, passes, isPastShown],
  );
  const fruitless = useRef({ pages: 0, passed: 0 });
  const earlier = () => {
    fruitless.current = { pages: 0, passed: passed.length };
    if (isPastShown) past.readMore();
    else setBegin({ before: live.oldestId, dropped: live.dropped });
  };
  const autoEarlier = () => {
    if (past.isReading || past.error !== null || (isPastShown && !past.hasMore)) return;
    if (passed.length > fruitless.current.passed) fruitless.current = { pages: 0, passed: passed.length };
    if (fruitless.current.pages >= MOST_FRUITLESS) return;
    fruitless.current.pages += 1;
    if (isPastShown) past.readMore();
    else setBegin({ before: live.oldestId, dropped: live.dropped });
  };
  const { shown } = live;
  const entryAt = useCallback(
    (index: number) => (index < shown ? log.at(index) : passed[index - shown]),
    [log, shown, passed],
  );
  return {
    count: shown + passed.length,
    entryAt,
    hidden: live.total - shown + (isPastShown ? past.events.length - passed.length : 0),
    past,
    isPastShown,
    earlier,
    autoEarlier,
    forget: () => setBegin(undefined),
  };
}
