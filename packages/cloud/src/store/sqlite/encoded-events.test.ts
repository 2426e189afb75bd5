import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../event-log.ts';
import { encodeEvents, visitEvents } from './encoded-events.ts';

const nullable = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(values, { nil: null });

const events: fc.Arbitrary<NewEvent[]> = fc.array(
  fc.record({
    ownerId: nullable(fc.string()),
    productId: nullable(fc.nat()),
    deviceId: nullable(fc.string()),
    publisher: fc.string(),
    name: fc.string({ unit: 'grapheme' }),
    data: nullable(fc.uint8Array()),
    contentFormat: fc.nat(65_535),
    ttlSeconds: fc.nat(),
    publishedAt: fc.maxSafeNat(),
    counted: fc.boolean(),
    deliveries: fc.array(fc.string()),
  }),
);

describe('encoded events', () => {
  it('give back every event, also after the trip to another thread', () => {
    fc.assert(
      fc.property(events, (batch) => {
        const seen: NewEvent[] = [];
        const encoded = encodeEvents(batch);
        const received = structuredClone(encoded, { transfer: [encoded.numbers.buffer, encoded.data.buffer] });
        visitEvents(received, (index, columns, { counted, deliveriesStart, deliveriesEnd }) => {
          const [ownerId, productId, deviceId, publisher, name, data, contentFormat, ttlSeconds, publishedAt] = columns;
          seen[index] = {
            ownerId,
            productId,
            deviceId,
            publisher: publisher ?? '(none)',
            name: name ?? '(none)',
            data: data === null ? null : Uint8Array.from(data),
            contentFormat,
            ttlSeconds,
            publishedAt,
            counted,
            deliveries: received.deliveries.slice(deliveriesStart, deliveriesEnd),
          };
        });
        expect(seen).toEqual(batch);
      }),
    );
  });
});
