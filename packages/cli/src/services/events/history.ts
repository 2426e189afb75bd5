import { usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import type { Place } from '../place.ts';
import { deviceIdOfPlace } from './device-of-place.ts';
import { momentOf } from './moment.ts';
import { type HistoryQuery, historyPath, type PastEvent, readHistory } from './read-history.ts';

const USUAL = 100;
/** The cloud counts no further by itself. */
const MOST_CSV = 1000;

export interface Search {
  readonly place: Place;
  readonly prefix: string | undefined;
  readonly device: string | undefined;
  /** In the name or the data. */
  readonly text: string | undefined;
  /** Moments, as `momentOf` takes them. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly oldestFirst: boolean;
  /** At most so many events; when left out 100, and all as CSV. */
  readonly limit: number | undefined;
}

async function queryOf(
  { cloud, clock }: Pick<Context, 'cloud' | 'clock'>,
  { place, prefix, device, text, since, until, oldestFirst }: Search,
): Promise<HistoryQuery> {
  const now = clock.now();
  const time = (given: string, flag: string): string => new Date(momentOf(given, now, flag)).toISOString();
  const from = since === undefined ? undefined : time(since, '--since');
  const to = until === undefined ? undefined : time(until, '--until');
  if (from !== undefined && to !== undefined && from > to) throw usageError('--since is later than --until');
  return {
    ...(prefix !== undefined && { prefix }),
    ...(text !== undefined && { text }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(oldestFirst && { order: 'asc' as const }),
    ...(device !== undefined && { device: await deviceIdOfPlace(cloud, place, device) }),
  };
}

/** Looks events up in the log. */
export async function findEvents(
  context: Pick<Context, 'cloud' | 'clock'>,
  search: Search,
): Promise<readonly PastEvent[]> {
  const { place, limit = USUAL } = search;
  return readHistory(context.cloud, place, { ...(await queryOf(context, search)), limit });
}

/** The same as CSV, as the cloud makes it, without the last line break. Cells that a spreadsheet would take for a formula have an apostrophe before them. */
export async function findEventsAsCsv(context: Pick<Context, 'cloud' | 'clock'>, search: Search): Promise<string> {
  const { limit } = search;
  if (limit !== undefined && limit > MOST_CSV) {
    throw usageError(`With --csv a --limit is ${MOST_CSV} at most`, 'Leave --limit out for all events.');
  }
  const query = new URLSearchParams({ format: 'csv' });
  for (const [name, value] of Object.entries(await queryOf(context, search))) query.set(name, String(value));
  if (limit !== undefined) query.set('limit', String(limit));
  const bytes = await context.cloud.download(`${historyPath(search.place)}?${query}`);
  return new TextDecoder().decode(bytes).replace(/\r?\n$/, '');
}

/** A table for people. Long data are cut: `--json` and `--csv` have them whole. */
export function eventTable(events: readonly PastEvent[]): string[] {
  if (events.length === 0) return ['No events'];
  const rows = events.map(({ id, published_at: at, name, coreid, data }) => [
    at,
    id,
    printable(name),
    printable(coreid),
    cut(printable(data ?? '').replaceAll('\t', ' ')),
  ]);
  return tableOf(['Published', 'Id', 'Event', 'Device', 'Data'], rows);
}

const LONGEST = 200;
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
