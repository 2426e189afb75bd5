/** What the log of events keeps in the address. */
export interface EventLogSearch {
  /** What stands in the filter box. */
  readonly filter?: string | undefined;
  /** How far back the log is shown: `custom` goes by `from` and `to`; live events only when left out. */
  readonly span?: 'hour' | 'day' | 'week' | 'custom' | undefined;
  /** ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Id of the event whose details are shown. */
  readonly event?: number | undefined;
}

const SPANS = ['hour', 'day', 'week', 'custom'] as const;

/** Reads the log's part of an address: a route's `validateSearch`, alone or beside what else the page keeps there. Anything unknown is left out. */
export function eventLogSearch(search: Record<string, unknown>): EventLogSearch {
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
  const time = (value: unknown) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined);
  const filter = text(search.filter);
  const event = Number(search.event ?? Number.NaN);
  const span = SPANS.find((one) => one === search.span);
  const [from, to] = [time(search.from), time(search.to)];
  return {
    ...(filter !== undefined && { filter }),
    ...(span !== undefined && { span }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(Number.isSafeInteger(event) && event > 0 && { event }),
  };
}
