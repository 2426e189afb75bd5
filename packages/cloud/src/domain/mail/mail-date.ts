import { formatTimestamp } from '@cloudchamber/contract';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** @returns wall time (ms) as the Date header writes it, `01 Jan 2026 00:00:00 +0000` (RFC 5322 section 3.3). */
export function mailDate(ms: number): string {
  const [date = '', time = ''] = formatTimestamp(ms).split('T');
  const [year, month, day] = date.split('-');
  return `${day} ${MONTHS[Number(month) - 1]} ${year} ${time.slice(0, 8)} +0000`;
}
