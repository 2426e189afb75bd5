import type { Cloud } from '../../cloud/cloud.ts';
import type { Place } from '../place.ts';
import { momentOf } from './moment.ts';
import { readPage } from './read-history.ts';

/**
 * Where a stream begins that shows the past first.
 * @param since the id of an event, behind which it begins, or a moment as `momentOf` takes it @param now wall time in ms
 * @returns the id to begin behind; 0 for all that is kept @throws CliError of kind `usage`
 */
export async function streamStart(
  cloud: Pick<Cloud, 'call'>,
  place: Place,
  since: string,
  now: number,
): Promise<string> {
  if (/^\d{1,15}$/.test(since)) return since;
  const from = new Date(momentOf(since, now, '--since')).toISOString();
  // Read before the look at the past: what is published in between is behind it.
  const newest = (await readPage(cloud, place, { limit: 1 })).events[0]?.id ?? '0';
  for (let after: string | null | undefined; after !== null; ) {
    const page = await readPage(cloud, place, { from, order: 'asc', limit: 1, ...(after !== undefined && { after }) });
    const [first] = page.events;
    if (first !== undefined) return String(Math.max(0, Number(first.id) - 1));
    after = page.meta.next;
  }
  return newest;
}
