import type { NewEvent } from '../event-log.ts';

/** Numbers per event in `EncodedEvents.numbers`: product, content format, ttl, published at, end of data. */
const NUMBERS = 5;
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
  /** All data, end to end. */
  readonly data: Uint8Array<ArrayBuffer>;
}

export function encodeEvents(events: readonly NewEvent[]): EncodedEvents {
  let bytes = 0;
  for (const event of events) bytes += event.data?.length ?? 0;
  const texts: (string | null)[] = new Array(events.length * TEXTS);
  const numbers = new Float64Array(events.length * NUMBERS);
  const data = new Uint8Array(bytes);
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
  }
  return { count: events.length, texts, numbers, data };
}

/** Calls `visit` for every event in order, with the values of its columns; `data` is a view into the batch. */
export function visitEvents(
  events: EncodedEvents,
  visit: (
    index: number,
    ownerId: string | null,
    productId: number | null,
    deviceId: string | null,
    publisher: string | null,
    name: string | null,
    data: Uint8Array | null,
    contentFormat: number,
    ttlSeconds: number,
    publishedAt: number,
  ) => void,
): void {
  const { texts, numbers } = events;
  let start = 0;
  for (let index = 0; index < events.count; index++) {
    const text = index * TEXTS;
    const number = index * NUMBERS;
    const productId = numbers[number] ?? Number.NaN;
    const end = numbers[number + 4] ?? Number.NaN;
    visit(
      index,
      texts[text] ?? null,
      Number.isNaN(productId) ? null : productId,
      texts[text + 1] ?? null,
      texts[text + 2] ?? null,
      texts[text + 3] ?? null,
      Number.isNaN(end) ? null : events.data.subarray(start, end),
      numbers[number + 1] ?? 0,
      numbers[number + 2] ?? 0,
      numbers[number + 3] ?? 0,
    );
    if (!Number.isNaN(end)) start = end;
  }
}
