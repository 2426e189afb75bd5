import type { DeviceId } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import { changeDevice, findDevice, insertDevice } from './device-store.ts';
import { DeviceWrites } from './device-writes.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;

describeStores('DeviceWrites', (open) => {
  let store: Store;
  let writes: DeviceWrites;

  beforeEach(async () => {
    store = await open();
    writes = new DeviceWrites(store);
    await insertDevice(store.db, { id: ID, name: 'n', platformId: 0, publicKey: null, ownerId: null, at: 0 });
  });

  const setNotes = (notes: string) => writes.run((db) => changeDevice(db, ID, { notes }));
  const notes = async () => (await findDevice(store.db, ID))?.notes;

  it('has committed when it resolves', async () => {
    await setNotes('one');
    expect(await notes()).toBe('one');
  });

  it('keeps the order of what is written at once', async () => {
    await Promise.all(Array.from({ length: 1200 }, (_, at) => setNotes(String(at))));
    expect(await notes()).toBe('1199');
  });

  it('fails a write alone, not its neighbours', async () => {
    const broken = writes.run(async (db) => {
      // There is no such device for the foreign key.
      await db
        .insertInto('device_subscriptions')
        .values({ device_id: 'nobody', prefix: '', accepts: 'text', device_filter: '' })
        .execute();
    });
    const results = await Promise.allSettled([setNotes('before'), broken, setNotes('after')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await notes()).toBe('after');
  });

  it('undoes a write that fails half way', async () => {
    const half = writes.run(async (db) => {
      await changeDevice(db, ID, { notes: 'half' });
      throw new Error('no further');
    });
    await expect(half).rejects.toThrow('no further');
    expect(await notes()).toBeNull();
  });

  it('settles when nothing waits any more', async () => {
    void setNotes('late');
    await writes.settled();
    expect(await notes()).toBe('late');
    await writes.settled();
  });
});
