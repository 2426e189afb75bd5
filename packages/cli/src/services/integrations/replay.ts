import type { Context } from '../../program/context.ts';
import { momentOf } from '../events/moment.ts';
import type { Place } from '../place.ts';
import { integrationsOf } from './integrations-of.ts';

interface Replay {
  /** Deliveries that failed, or events of the log, those that were delivered too. */
  readonly source: 'failed' | 'history';
  readonly place: Place;
  /** Its id. */
  readonly integration: string;
  /** Moments, as `momentOf` takes them; the log needs the first. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Names of events begin so. */
  readonly event: string | undefined;
  /** Failed: part of the last error. */
  readonly error?: string | undefined;
}

/** Makes deliveries due again, as many requests as it takes. @returns how many */
export async function replayAll(
  { cloud, clock, out }: Pick<Context, 'cloud' | 'clock' | 'out'>,
  { source, place, integration, since, until, event, error }: Replay,
): Promise<number> {
  const now = clock.now();
  const time = (given: string, flag: string): string => new Date(momentOf(given, now, flag)).toISOString();
  const asked = {
    source,
    ...(since !== undefined && { from: time(since, '--since') }),
    ...(until !== undefined && { to: time(until, '--until') }),
    ...(event !== undefined && { event }),
    ...(error !== undefined && { error }),
  };
  const { replay } = integrationsOf(cloud, place);
  let count = 0;
  let cursor: string | null = null;
  for (;;) {
    const { replayed, more, next } = await replay(integration, { ...asked, ...(cursor !== null && { cursor }) });
    count += replayed;
    // A round that did nothing and leads nowhere would come again.
    if (!more || (next === null && replayed === 0)) return count;
    cursor = next;
    out.note(`${count} deliveries are due ...`);
  }
}

export function replayedText(count: number): string {
  if (count === 0) return 'Nothing to replay';
  return count === 1 ? '1 delivery is due now' : `${count} deliveries are due now`;
}
