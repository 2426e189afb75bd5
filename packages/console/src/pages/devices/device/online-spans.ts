import type { Presence } from './device-api.ts';

export interface OnlineSpan {
  /** Wall times in ms. */
  readonly from: number;
  readonly to: number;
  readonly online: boolean;
}

/** @returns the time that was looked at as spans that a device was online or offline, the oldest first; what is not known is left out */
export function onlineSpans({ presence, start_date, end_date, online_seconds, meta }: Presence): OnlineSpan[] {
  const [start, end] = [Date.parse(start_date), Date.parse(end_date)];
  const changes = presence.map(({ at, online }) => ({ at: Date.parse(at), online })).toReversed();
  const oldest = changes[0];
  if (oldest === undefined) return end > start ? [{ from: start, to: end, online: online_seconds > 0 }] : [];
  // Before the oldest change it was the other way; with more changes than were read, that is not known.
  const spans: OnlineSpan[] = meta.total_pages > 1 ? [] : [{ from: start, to: oldest.at, online: !oldest.online }];
  for (const [at, change] of changes.entries()) {
    spans.push({ from: change.at, to: changes[at + 1]?.at ?? end, online: change.online });
  }
  return spans.filter(({ from, to }) => to > from);
}

const REASONS: Readonly<Record<string, string>> = {
  goodbye: 'It said goodbye',
  silent: 'Nothing was heard of it',
  session_ended: 'The cloud ended its session',
  unresponsive: 'It acknowledged nothing',
  server_restarted: 'The cloud was restarted',
};

/** @returns why the device went, in words */
export function reasonText(reason: string | null): string {
  return reason === null ? '' : (REASONS[reason] ?? reason);
}
