import { describeStores } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import { triggeringEvent } from '../integrations/index.ts';
import { findFailed, findWaiting } from './delivery-store.ts';

const DEVICE = '0123456789abcdef01234567';

async function publish(store: Store, deviceId: string | null): Promise<void> {
  await store.events.append({
    ownerId: null,
    productId: 1001,
    deviceId,
    publisher: deviceId ?? 'api',
    name: 'door',
    data: null,
    contentFormat: 0,
    ttlSeconds: 60,
    publishedAt: 1_767_225_600_000,
    deliveries: ['one'],
  });
}

describeStores('an owed event', (open) => {
  it('knows the firmware that its device runs', async () => {
    const store = await open();
    const zeros = { created_at: 0, updated_at: 0, safe_mode: 0, updates_forced: 0, development: 0 };
    await store.db
      .insertInto('devices')
      .values({ id: DEVICE, name: 'door', platform_id: 32, product_id: 1001, firmware_version: 7, ...zeros })
      .execute();
    await publish(store, DEVICE);
    await publish(store, null);
    await publish(store, 'f'.repeat(24));
    const versions = async () =>
      (await findWaiting(store.db, 'one', 10)).map(({ event }) => event && triggeringEvent(event).firmwareVersion);
    expect(await versions()).toEqual([7, null, null]);
    await store.db.updateTable('devices').set({ firmware_version: 8 }).execute();
    expect(await versions()).toEqual([8, null, null]);
    await store.db.updateTable('deliveries').set({ due_at: null }).execute();
    expect((await findFailed(store.db, 'one', 2)).map(({ event }) => event?.firmwareVersion)).toEqual([null, null]);
    const [, second] = await findFailed(store.db, 'one', 2);
    expect((await findFailed(store.db, 'one', 2, second?.id)).map(({ event }) => event?.firmwareVersion)).toEqual([8]);
  });

  it.each([
    ['is in another product', { product_id: 1002 }],
    ['is in no product', { product_id: null }],
    ['has another owner', { owner_id: 'f'.repeat(24) }],
  ])('knows nothing of the firmware of a device that %s by now', async (_now, change) => {
    const store = await open();
    const zeros = { created_at: 0, updated_at: 0, safe_mode: 0, updates_forced: 0, development: 0 };
    const device = { id: DEVICE, name: 'door', platform_id: 32, product_id: 1001, firmware_version: 7 };
    await store.db
      .insertInto('devices')
      .values({ ...device, ...zeros })
      .execute();
    await publish(store, DEVICE);
    await store.db.updateTable('devices').set(change).execute();
    const [delivery] = await findWaiting(store.db, 'one', 10);
    expect(delivery?.event?.firmwareVersion).toBeNull();
  });
});
