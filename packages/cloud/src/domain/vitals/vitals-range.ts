import { parseTimestamp } from '@cloudchamber/contract';
import { days, minutes } from '@cloudchamber/kernel';
import { DomainError } from '../domain-error.ts';

/** From `start` to before `end`, ms UTC. */
export interface VitalsRange {
  readonly start: number;
  readonly end: number;
}

/** So far back can be asked for (API-38). */
const LONGEST_AGO = days(30);
/** Whoever computes "30 days ago" has another clock, and sends it a moment later. */
const SLACK = minutes(1);

/**
 * The time that is asked for: 30 days up to now where nothing is said.
 * @throws DomainError `bad_request` for what is no time, is too long ago, or ends before it begins
 */
export function vitalsRange(
  now: number,
  asked: { readonly start_date?: string | undefined; readonly end_date?: string | undefined },
): VitalsRange {
  const start = timeOf(asked.start_date) ?? now - LONGEST_AGO;
  const end = timeOf(asked.end_date) ?? now + 1;
  const oldest = now - LONGEST_AGO - SLACK;
  if (start < oldest || end < oldest) {
    throw badRequest('start_date and end_date must not be more than 30 days ago: vitals are kept no longer');
  }
  if (start > end) throw badRequest('start_date is later than end_date');
  return { start, end };
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTimestamp(text);
  if (time === undefined) throw badRequest('start_date and end_date must be ISO8601 formatted');
  return time;
}

/** With `description`, where clients of vitals look for the text (section 3.1 of the API notes). */
function badRequest(description: string): DomainError {
  return new DomainError('invalid', 'bad_request', description, { body: { description } });
}
