import type { Zone } from '../../ui/zone.ts';

/** @returns what a field for date and time shows in the zone, such as `2026-03-02T09:30`; empty for none. @param iso ISO 8601 */
export function toTimeInput(iso: string | undefined, zone: Zone): string {
  if (iso === undefined) return '';
  const time = new Date(iso);
  if (zone === 'utc') return time.toISOString().slice(0, 16);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @returns the time that was typed, as ISO 8601, or undefined for none. @param text as the field has it, in the zone */
export function fromTimeInput(text: string, zone: Zone): string | undefined {
  const ms = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return text === '' || Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
