import type { PastEvent } from '@cloudchamber/contract';
import type { Frame } from '@cloudchamber/contract/event-stream';

/** An event as the log shows it. */
export interface LogEvent {
  readonly kind: 'event';
  /** Its place in the cloud's log; grows. */
  readonly id: number;
  readonly name: string;
  /** Text; bytes as a data URL; null for none. */
  readonly data: string | null;
  /** A device's id, `api`, or `particle-internal`. */
  readonly publisher: string;
  /** Wall time, ms. */
  readonly at: number;
  /** Seconds. */
  readonly ttl: number;
}

/** A line between events: something that the person must know of the log itself. */
interface LogNotice {
  readonly kind: 'notice';
  readonly text: string;
}

export type LogEntry = LogEvent | LogNotice;

/** What an event comes from, by its name and publisher. */
export type EventKind = 'device' | 'api' | 'system' | 'hook-sent' | 'hook-response' | 'hook-error';

/** @returns undefined for a frame that is no event, such as one without data */
export function eventOfFrame({ event, data, id }: Frame): LogEvent | undefined {
  const sequence = Number(id);
  if (event === undefined || id === undefined || !Number.isSafeInteger(sequence)) return undefined;
  const shown: unknown = JSON.parse(data);
  if (typeof shown !== 'object' || shown === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(shown));
  const text = fields.get('data');
  return {
    kind: 'event',
    id: sequence,
    name: event,
    data: text === null || text === undefined ? null : String(text),
    publisher: String(fields.get('coreid') ?? ''),
    at: Date.parse(String(fields.get('published_at'))),
    ttl: Number(fields.get('ttl')),
  };
}

/** An event that the history has. */
export function eventOfHistory(past: PastEvent): LogEvent {
  return {
    kind: 'event',
    id: Number(past.id),
    name: past.name,
    data: past.data,
    publisher: past.coreid,
    at: Date.parse(past.published_at),
    ttl: past.ttl,
  };
}

const HOOKS = ['hook-sent', 'hook-response', 'hook-error'] as const;

/** Events of integrations may have their device, or `api`, before them. */
export function kindOf({ name, publisher }: Pick<LogEvent, 'name' | 'publisher'>): EventKind {
  const own =
    isDeviceId(name.split('/', 1)[0] ?? '') || name.startsWith('api/') ? name.slice(name.indexOf('/') + 1) : name;
  const hook = HOOKS.find((one) => own === one || own.startsWith(`${one}/`));
  if (hook !== undefined) return hook;
  if (/^(spark|particle)(\/|$)/.test(name)) return 'system';
  return isDeviceId(publisher) ? 'device' : 'api';
}

/** Whether a publisher is a device: 24 hexadecimal digits. */
export function isDeviceId(publisher: string): boolean {
  return /^[0-9a-f]{24}$/i.test(publisher);
}
