import type { Generated } from 'kysely';

/** One event; `NewEvent` in `event-log.ts` says what each column means. */
export interface EventRow {
  sequence: Generated<number>;
  owner_id: string | null;
  product_id: number | null;
  device_id: string | null;
  publisher: string;
  name: string;
  data: Uint8Array | null;
  content_format: number;
  ttl: number;
  published_at: number;
}

export interface EventsTables {
  events: EventRow;
}
