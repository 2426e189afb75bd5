import { describeStores } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import type { NewEvent } from './event-log.ts';

const event = (fields: Partial<NewEvent> = {}): NewEvent => ({
  ownerId: 'a'.repeat(24),
  productId: null,
  deviceId: 'd'.repeat(24),
  publisher: 'd'.repeat(24),
  name: 'weather',
  data: Buffer.from('{"temperature":21.5}'),
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: 1_767_225_600_123,
  ...fields,
});

describeStores('event log', (open) => {
  it('shows an event with all its fields once append has resolved', async () => {
    const store = await open();
    const stored = await store.events.append(
      event({ productId: 7, contentFormat: 42, data: Uint8Array.of(0, 255, 1) }),
    );
    const [read, ...others] = await store.events.read({ limit: 10 });
    expect(others).toEqual([]);
    expect(read).toEqual({
      ...event({ productId: 7, contentFormat: 42 }),
      data: Uint8Array.of(0, 255, 1),
      sequence: stored.sequence,
    });
  });
});
