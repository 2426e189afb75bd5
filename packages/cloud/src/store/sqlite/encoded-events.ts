import type { NewEvent } from '../event-log.ts';

/** Numbers per event in `EncodedEvents.numbers`: product, content format, ttl, published at, end of data, counted, end of deliveries. */
const NUMBERS = 7;
/** Texts per event in `EncodedEvents.texts`: owner, device, publisher, name. */
const TEXTS = 4;

/**
 * Events as they cross to the worker: one array of strings and two buffers, whatever their count. Cloning an object per event, with a
 * buffer each, costs more than the insert.
 */
export interface EncodedEvents {
  readonly count: number;
  readonly texts: readonly (string | null)[];
  /** NaN stands for a product or data that is null. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** The integrations that the events are owed to, one event's after the other's. */
  readonly deliveries: readonly string[];
  /** All data, end to end. */
  readonly data: Uint8Array<ArrayBuffer>;
}

export function encodeEvents(events: readonly NewEvent[]): EncodedEvents {
  let bytes = 0;
  for (const event of events) bytes += event.data?.length ?? 0;
  const texts: (string | null)[] = new Array(events.length * TEXTS);
  const numbers = new Float64Array(events.length * NUMBERS);
  const data = new Uint8Array(bytes);
  const deliveries: string[] = [];
  let text = 0;
  let number = 0;
  let end = 0;
  for (const event of events) {
    texts[text++] = event.ownerId;
    texts[text++] = event.deviceId;
    texts[text++] = event.publisher;
    texts[text++] = event.name;
    if (event.data !== null) {
      data.set(event.data, end);
      end += event.data.length;
    }
    numbers[number++] = event.productId ?? Number.NaN;
    numbers[number++] = event.contentFormat;
    numbers[number++] = event.ttlSeconds;
    numbers[number++] = event.publishedAt;
    numbers[number++] = event.data === null ? Number.NaN : end;
    numbers[number++] = event.counted === true ? 1 : 0;
    if (event.deliveries !== undefined) deliveries.push(...event.deliveries);
    numbers[number++] = deliveries.length;
  }
  return { count: events.length, texts, numbers, deliveries, data };
}

/** The values of an event's columns, in the order in which `events` is inserted into. */
export type EventColumns = readonly [
  ownerId: string | null,
  productId: number | null,
  deviceId: string | null,
  publisher: string | null,
  name: string | null,
  data: Uint8Array | null,
  contentFormat: number,
  ttlSeconds: number,
  publishedAt: number,
];

/** What an event brings along into its commit. */
export interface EventCompany {
  /** Is it a data operation? */
  readonly counted: boolean;
  /** The integrations that it is owed to are those of `EncodedEvents.deliveries` from here to before `deliveriesEnd`. */
  readonly deliveriesStart: number;
  readonly deliveriesEnd: number;
}

/** Calls `visit` for every event in order; `data` is a view into the batch. */
export function visitEvents(
  events: EncodedEvents,
  visit: (index: number, columns: EventColumns, company: EventCompany) => void,
): void {
  const { texts, numbers } = events;
  let start = 0;
  let deliveriesStart = 0;
  for (let index = 0; index < events.count; index++) {
    const text = index * TEXTS;
    const number = index * NUMBERS;
    const productId = numbers[number] ?? Number.NaN;
    const end = numbers[number + 4] ?? Number.NaN;
    const deliveriesEnd = numbers[number + 6] ?? 0;
    const columns: EventColumns = [
      texts[text] ?? null,
      Number.isNaN(productId) ? null : productId,
      texts[text + 1] ?? null,
      texts[text + 2] ?? null,
      texts[text + 3] ?? null,
      Number.isNaN(end) ? null : events.data.subarray(start, end),
      numbers[number + 1] ?? 0,
      numbers[number + 2] ?? 0,
      numbers[number + 3] ?? 0,
    ];
    visit(index, columns, { counted: numbers[number + 5] === 1, deliveriesStart, deliveriesEnd });
    if (!Number.isNaN(end)) start = end;
    deliveriesStart = deliveriesEnd;
  }
}
