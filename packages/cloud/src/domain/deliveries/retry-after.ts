import { parseTimestamp } from '@cloudchamber/contract';

/**
 * The Retry-After header of a reply (RFC 9110 section 10.2.3): seconds or an HTTP date.
 * @param now ms UTC
 * @returns ms from now, 0 for a date that has passed; null for no header and for one that cannot be read.
 */
export function parseRetryAfter(text: string | undefined, now: number): number | null {
  const value = text?.trim() ?? '';
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const at = httpDate(value);
  return at === null ? null : Math.max(0, at - now);
}

const MONTHS: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** IMF-fixdate (RFC 9110 section 5.6.7); nobody sends the two obsolete forms. */
const FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

function httpDate(text: string): number | null {
  const [, day, monthName, year, hour, minute, second] = FIXDATE.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName ?? '');
  if (month === -1) return null;
  return parseTimestamp(`${year}-${String(month + 1).padStart(2, '0')}-${day}T${hour}:${minute}:${second}Z`) ?? null;
}
