import { hours, minutes } from '@cloudchamber/kernel';

/** How often a device was sent something, and when the last time ended (ms UTC). */
export interface Attempts {
  readonly count: number;
  readonly lastEndedAt: number;
}

const PAUSES = [minutes(1), minutes(5), minutes(30), hours(2), hours(12)];
const LONGEST_PAUSE = hours(24);

/** When what has failed so often is tried again, ms UTC: after 1, 5 and 30 minutes, 2 and 12 hours, then every day. 0 before the first attempt. */
export function retryAt({ count, lastEndedAt }: Attempts): number {
  return count === 0 ? 0 : lastEndedAt + (PAUSES[count - 1] ?? LONGEST_PAUSE);
}
