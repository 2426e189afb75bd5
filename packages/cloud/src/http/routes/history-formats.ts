import { isUtf8 } from 'node:buffer';
import { formatTimestamp, type PastEvent } from '@cloudchamber/contract';
import { isTextFormat } from '@cloudchamber/wire';
import { stringify } from 'csv-stringify/sync';
import { eventText } from '../../domain/events/index.ts';
import type { StoredEvent } from '../../store/index.ts';

/** An event as history shows it, its data as streams have it. */
export function pastEvent(event: StoredEvent): PastEvent {
  const data = eventText(event.data, event.contentFormat);
  return {
    id: String(event.sequence),
    name: event.name,
    data,
    ...(data?.startsWith('data:') && !isText(event) && { data_encoding: 'data-url' as const }),
    coreid: event.publisher,
    device_id: event.deviceId,
    product_id: event.productId,
    ttl: event.ttlSeconds,
    published_at: formatTimestamp(event.publishedAt),
  };
}

function isText({ data, contentFormat }: StoredEvent): boolean {
  return data !== null && isTextFormat(contentFormat) && isUtf8(data);
}

/** A format that is written event by event. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly fileName: string;
  /** @param first whether nothing was written before */
  write(events: readonly PastEvent[], first: boolean): string;
}

const COLUMNS = [
  'id',
  'published_at',
  'name',
  'data',
  'data_encoding',
  'coreid',
  'device_id',
  'product_id',
  'ttl',
] as const satisfies readonly (keyof PastEvent)[];

/** One JSON object a line. */
const NDJSON: ExportFormat = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  fileName: 'events.ndjson',
  write: (events) => events.map((event) => `${JSON.stringify(event)}\n`).join(''),
};

/** RFC 4180, with a head; what programs could take for a formula begins with an apostrophe. */
const CSV: ExportFormat = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  fileName: 'events.csv',
  write: (events, first) =>
    stringify([...events], {
      columns: [...COLUMNS],
      header: first,
      record_delimiter: 'windows',
      escape_formulas: true,
    }),
};

/** The format that is asked for by name, or else by the header; undefined for a page in JSON. */
export function exportFormat(name: string | undefined, accept: string | undefined): ExportFormat | undefined {
  if (name !== undefined) return { json: undefined, ndjson: NDJSON, csv: CSV }[name];
  const [wanted] = (accept ?? '').split(',');
  const mediaType = wanted?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-ndjson') return NDJSON;
  return mediaType === 'text/csv' ? CSV : undefined;
}
