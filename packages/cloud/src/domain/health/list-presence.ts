import { days } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import type { DevicePast } from '../devices/index.ts';
import { invalid, timeOf } from './health-range.ts';
import {
  type ChangePosition,
  countChanges,
  findChanges,
  findOnlineAt,
  findPage,
  type PresenceChange,
} from './presence-store.ts';

const LONGEST = days(31);
const USUAL = days(30);
const CHANGES_PER_STATEMENT = 2000;

export interface AskedPresence {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

interface PresencePage {
  /** The time that was looked at, ms UTC: it begins no sooner than the device became what the caller may see, and does not end in the future. */
  readonly start: number;
  readonly end: number;
  /** Newest first. */
  readonly changes: readonly PresenceChange[];
  /** ms that the device was online in that time. */
  readonly onlineFor: number;
  readonly totalPages: number;
}

/**
 * When a device came and went, and for how long it was online.
 * @throws DomainError `invalid_request` for what is no time, is in the wrong order or too long
 */
export async function listPresence(
  { store, clock }: Pick<Ambient, 'store' | 'clock'>,
  { device, since }: DevicePast,
  asked: AskedPresence,
): Promise<PresencePage> {
  const now = clock.now();
  const last = timeOf('end_date', asked.end_date) ?? now;
  const begin = timeOf('start_date', asked.start_date) ?? last - USUAL;
  if (begin > last) throw invalid('start_date is later than end_date');
  if (last - begin > LONGEST) throw invalid('start_date and end_date are more than 31 days apart');
  const start = Math.max(begin, since);
  const end = Math.min(last, now);
  if (start >= end) return { start, end: start, changes: [], onlineFor: 0, totalPages: 0 };
  const range = { start, end };
  const { page: number, perPage: size } = asked;
  const changes = await findPage(store.history, device.id, range, { number, size });
  const total = await countChanges(store.history, device.id, range);
  const onlineFor = await onlineIn(store.history, device.id, range);
  return { start, end, changes, onlineFor, totalPages: Math.ceil(total / size) };
}

async function onlineIn(
  history: Ambient['store']['history'],
  deviceId: string,
  range: { readonly start: number; readonly end: number },
): Promise<number> {
  const { start, end } = range;
  let from = (await findOnlineAt(history, [deviceId], start)).has(deviceId) ? start : undefined;
  let total = 0;
  for (let after: ChangePosition | undefined; ; ) {
    const changes = await findChanges(history, [deviceId], range, after, CHANGES_PER_STATEMENT);
    for (const { at, online } of changes) {
      if (online) from ??= at;
      else if (from !== undefined) {
        total += at - from;
        from = undefined;
      }
    }
    after = changes.at(-1);
    if (changes.length < CHANGES_PER_STATEMENT) break;
  }
  return from === undefined ? total : total + end - from;
}
