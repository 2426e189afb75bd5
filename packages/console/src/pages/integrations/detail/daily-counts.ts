/** Outcomes of one day. */
export interface DayCount {
  /** Such as 2026-02-03, UTC. */
  readonly date: string;
  readonly success: number;
  readonly error: number;
  /** Skipped, since the host had too many errors. */
  readonly sleep: number;
}

const DAY_MS = 86_400_000;

/**
 * @param counters days that had any outcome, in any order
 * @param now wall time, ms
 * @returns the last `days` days, the oldest first, without gaps
 */
export function dailyCounts(counters: readonly DayCount[], now: number, days = 30): readonly DayCount[] {
  const known = new Map(counters.map((one) => [one.date, one]));
  return Array.from({ length: days }, (_, at) => {
    const date = new Date(now - (days - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    return known.get(date) ?? { date, success: 0, error: 0, sleep: 0 };
  });
}

export function sumCounts(counters: readonly DayCount[]): Omit<DayCount, 'date'> {
  const sum = { success: 0, error: 0, sleep: 0 };
  for (const { success, error, sleep } of counters) {
    sum.success += success;
    sum.error += error;
    sum.sleep += sleep;
  }
  return sum;
}
