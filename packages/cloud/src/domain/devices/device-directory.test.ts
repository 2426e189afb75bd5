import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { deviceChanges } from './device-changes.ts';
import { DeviceDirectory } from './device-directory.ts';
import { insertDevice } from './device-store.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;

describeStores('DeviceDirectory', (open) => {
  let store: Store;
  let bus: InProcessBus;
  let directory: DeviceDirectory;

  beforeEach(async () => {
    store = await open();
    bus = new InProcessBus(silentLogger);
    directory = new DeviceDirectory(store, bus);
    await insertDevice(store.db, { id: ID, name: 'n', platformId: 0, publicKey: null, ownerId: 'ann', at: 0 });
  });

  const event = { name: 'x', deviceId: null, contentFormat: 0 };

  it('reads a card on first use and has it in memory from then on', async () => {
    expect(directory.peek(ID)).toBeUndefined();
    expect(await directory.card(ID)).toMatchObject({ id: ID, ownerId: 'ann', name: 'n', subscriptions: [] });
    expect(directory.peek(ID)).toMatchObject({ id: ID });
    expect(await directory.card('e00fce68ffffffffffffffff' as DeviceId)).toBeUndefined();
  });

  it('follows changes, also those told while a card is being read', async () => {
    const reading = directory.card(ID);
    bus.publish(deviceChanges, { deviceId: ID, ownerId: 'bob' });
    bus.publish(deviceChanges, { deviceId: ID, name: 'm' });
    expect(await reading).toMatchObject({ ownerId: 'bob', name: 'm' });
    bus.publish(deviceChanges, { deviceId: ID, ownerId: null });
    await Promise.resolve();
    expect(directory.peek(ID)).toMatchObject({ ownerId: null, name: 'm' });
  });

  it('matches subscriptions of devices that are online, whatever comes first', async () => {
    directory.setOnline(ID);
    await directory.addSubscription(ID, { prefix: '', accepts: 'text' }, true);
    expect([...directory.subscribers('ann', event)]).toEqual([ID]);
    directory.setOffline(ID);
    expect([...directory.subscribers('ann', event)]).toEqual([]);
    await directory.addSubscription(ID, { prefix: 'y', accepts: 'text' }, true);
    directory.setOnline(ID);
    expect([...directory.subscribers('ann', event)]).toEqual([]);
    expect([...directory.subscribers('ann', { ...event, name: 'yes' })]).toEqual([ID]);
  });

  it('keeps cards of online devices and lets go of the oldest others', async () => {
    await directory.card(ID);
    directory.setOnline(ID);
    const ids = Array.from({ length: 1001 }, (_, at) => at.toString(16).padStart(24, '0') as DeviceId);
    for (const id of ids) {
      await insertDevice(store.db, { id, name: 'n', platformId: 0, publicKey: null, ownerId: null, at: 0 });
    }
    for (const id of ids) await directory.card(id);
    expect(directory.peek(ID)).toBeDefined();
    expect(ids.filter((id) => directory.peek(id) === undefined)).toEqual(ids.slice(0, 1));
  });
});
