import { usageError } from '../../failure/cli-error.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 7 * 86_400_000],
]);
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Says what `momentOf` takes, behind the name of a flag. */
const MOMENTS = 'a time ago such as 90s, 15m, 2h or 1d12h, or a time such as 2026-02-03T08:15:00Z';

/**
 * A moment of the past as people write it: a time ago, or a time in ISO 8601, which is UTC unless it says otherwise.
 * @param now wall time in ms @param flag what to name when it is neither @returns wall time in ms @throws CliError of kind `usage`
 */
export function momentOf(text: string, now: number, flag: string): number {
  if (DURATION.test(text)) {
    let ms = 0;
    for (const [, count, unit = ''] of text.matchAll(PART)) ms += Number(count) * (UNITS.get(unit) ?? 0);
    return Math.max(0, now - Math.round(ms));
  }
  const time = TIME.exec(text);
  if (time !== null) {
    const spelled = text.replace(' ', 'T');
    const ms = Date.parse(spelled.includes('T') && time[1] === undefined ? `${spelled}Z` : spelled);
    if (!Number.isNaN(ms)) return ms;
  }
  throw usageError(`${flag} is ${MOMENTS}, not "${text}"`);
}
