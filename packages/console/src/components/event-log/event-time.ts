import type { Zone } from '../../ui/zone.ts';

const two = (value: number) => String(value).padStart(2, '0');
const three = (value: number) => String(value).padStart(3, '0');

/** @returns such as `2026-02-03 08:15:22.118`. Written by hand, as it is asked for thousands of events. @param ms wall time */
export function eventTime(ms: number, zone: Zone): string {
  return `${eventDay(ms, zone)} ${eventClock(ms, zone)}`;
}

/** @returns such as `2026-02-03` */
export function eventDay(ms: number, zone: Zone): string {
  const date = new Date(ms);
  return zone === 'utc'
    ? `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @returns such as `08:15:22.118` */
export function eventClock(ms: number, zone: Zone): string {
  const date = new Date(ms);
  return zone === 'utc'
    ? `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${three(date.getUTCMilliseconds())}`
    : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${three(date.getMilliseconds())}`;
}
