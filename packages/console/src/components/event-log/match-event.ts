import type { LogEvent } from './log-event.ts';
import type { EventFilter } from './parse-filter.ts';

/** What the matcher has to know beside the event. */
export interface MatchContext {
  /** The name of a device, when it is known. */
  nameOf(deviceId: string): string | undefined;
  /** The time as the log shows it. @param ms wall time */
  timeOf(ms: number): string;
}

/**
 * Says whether an event is let through. Everything that the filter has must hold (UI-14). Words are compared with name, data, publisher (id and name) and
 * date (UI-08); beside `event:` with the data only (UI-16: `35 event:temperature`). Capitals don't count.
 */
export function matchEvent(filter: EventFilter, event: LogEvent, context: MatchContext): boolean {
  const { device, range, data } = filter;
  if (filter.event !== undefined && !isNamed(filter.event, event.name.toLowerCase())) return false;
  if (device !== undefined && event.publisher.toLowerCase() !== device) {
    if (context.nameOf(event.publisher)?.toLowerCase() !== device) return false;
  }
  if (range !== undefined && !isWithin(range, event.data)) return false;
  if (data !== undefined && !has(event.data, data)) return false;
  return filter.words.every((word) => hasWord(word, filter, event, context));
}

/** Whether a filter lets everything through. */
export function isEmptyFilter({ words, device, event, data, range }: EventFilter): boolean {
  return words.length === 0 && [device, event, data, range].every((one) => one === undefined);
}

function isNamed(wanted: { readonly text: string; readonly isPrefix: boolean }, name: string): boolean {
  return wanted.isPrefix ? name.startsWith(wanted.text) : name === wanted.text;
}

function isWithin({ min, max }: { readonly min: number; readonly max: number }, data: string | null): boolean {
  if (data === null || data.trim() === '') return false;
  const value = Number(data);
  return Number.isFinite(value) && value >= min && value <= max;
}

function has(text: string | null | undefined, part: string): boolean {
  return text?.toLowerCase().includes(part) ?? false;
}

function hasWord(word: string, filter: EventFilter, event: LogEvent, context: MatchContext): boolean {
  if (has(event.data, word)) return true;
  if (filter.event !== undefined) return false;
  return (
    has(event.name, word) ||
    has(event.publisher, word) ||
    has(context.nameOf(event.publisher), word) ||
    has(context.timeOf(event.at), word)
  );
}
