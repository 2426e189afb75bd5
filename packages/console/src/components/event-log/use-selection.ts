import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Place } from '../../data/place.ts';
import { eventOfHistory, type LogEvent } from './log-event.ts';
import { readHistory } from './log-place.ts';

/** Browsers limit how often an address may change: it follows the arrow keys with a delay. */
const SETTLED_MS = 400;

/**
 * The event whose details are shown. Its id stands in the address, so that a link leads to it: an event that is named there is read from the log.
 * @param linked the id that the address names @param onSettled puts an id into the address
 */
export function useSelection(
  place: Place,
  linked: number | undefined,
  onSettled: (id: number | undefined) => void,
): readonly [LogEvent | undefined, (event: LogEvent | undefined) => void] {
  const [selected, setSelected] = useState<LogEvent>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasChosen = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { data } = useQuery({
    queryKey: ['listHistory', place, 'one', linked],
    queryFn: async ({ signal }) => {
      const page = await readHistory(place, { before: String((linked ?? 0) + 1), limit: 1 }, signal);
      const [event] = page.events;
      return event?.id === String(linked) ? eventOfHistory(event) : null;
    },
    enabled: linked !== undefined && !wasChosen.current && selected === undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (data && !wasChosen.current) setSelected(data);
  }, [data]);
  const select = useCallback(
    (event: LogEvent | undefined) => {
      wasChosen.current = true;
      setSelected(event);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => onSettled(event?.id), SETTLED_MS);
    },
    [onSettled],
  );
  return [selected, select];
}
