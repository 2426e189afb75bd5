import type { EventLogSearch } from './event-log-search.ts';
import type { EventFilter } from './parse-filter.ts';

const SPAN_MS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

export interface Bounds {
  /** ISO 8601; undefined for no bound. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @returns between which times the log is shown. @param now wall time, ms */
export function boundsOf({ span, from, to }: EventLogSearch, now: number): Bounds {
  if (span === undefined) return {};
  if (span === 'custom') return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return { from: new Date(now - SPAN_MS[span]).toISOString() };
}

/**
 * What the history can look for by itself, so that fewer events travel: never less than the filter lets through. It compares one text with name and data,
 * whatever the case of ASCII letters.
 * @param isKnownDevice whether the cloud has a device of that id within this place; one that it hasn't is refused
 */
export function coarseFilter(
  filter: EventFilter,
  isKnownDevice: (id: string) => boolean,
): { readonly device?: string; readonly text?: string } {
  const texts = [filter.event?.text, filter.data, ...(filter.event === undefined ? [] : filter.words)];
  const [text] = texts
    .filter((one) => one !== undefined)
    .filter((one) => /^[\x20-\x7e]{1,200}$/.test(one))
    .sort((one, other) => other.length - one.length);
  const { device } = filter;
  return {
    ...(device !== undefined && isKnownDevice(device) && { device }),
    ...(text !== undefined && { text }),
  };
}
