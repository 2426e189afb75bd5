import type { Zone } from '../../ui/zone.ts';
import { eventClock, eventDay } from './event-time.ts';

/** @returns what a field for date and time shows for a time; empty for none. @param at ISO 8601 */
export function toInput(at: string | undefined, zone: Zone): string {
  if (at === undefined) return '';
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? '' : `${eventDay(ms, zone)}T${eventClock(ms, zone).slice(0, 8)}`;
}

/** @returns the time in a field, ISO 8601 in UTC; undefined while it isn't whole */
export function fromInput(value: string, zone: Zone): string | undefined {
  if (value === '') return undefined;
  const ms = Date.parse(zone === 'utc' ? `${value}Z` : value);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
