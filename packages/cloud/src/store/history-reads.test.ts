import { silentLogger } from '@cloudchamber/kernel';
import { describeStorePlaces, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import type { NewEvent } from './event-log.ts';
import { openStore } from './open-store.ts';

const event = (name: string): NewEvent => ({
  ownerId: null,
  productId: null,
  deviceId: null,
  publisher: 'api',
  name,
  data: null,
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: 0,
});

describeStorePlaces('connections for long reads', (newPlace) => {
  const open = async () => openStore({ ...(await newPlace()), clock: new VirtualClock(), log: silentLogger });

  it('see what was appended before they ask', async () => {
    const store = await open();
    const names = async () =>
      (await store.history.selectFrom('events').select('name').orderBy('sequence').execute()).map((row) => row.name);
    expect(await names()).toEqual([]);
    for (const name of ['a', 'b', 'c']) {
      await store.events.append(event(name));
      expect((await names()).at(-1)).toBe(name);
    }
    await store.close();
  });

  it('are answered while a transaction holds the writer', async () => {
    const store = await open();
    await store.events.append(event('before'));
    const seen = await store.db.transaction().execute(async (db) => {
      await db.deleteFrom('events').execute();
      return store.history.selectFrom('events').select('name').execute();
    });
    expect(seen).toEqual([{ name: 'before' }]);
    expect(await store.history.selectFrom('events').select('name').execute()).toEqual([]);
    await store.close();
  });

  it('are closed with the store, used or not', async () => {
    const unused = await open();
    await unused.close();
    const used = await open();
    await used.history.selectFrom('events').select('name').execute();
    await used.close();
    await expect(used.history.selectFrom('events').select('name').execute()).rejects.toThrow();
  });

  it('change nothing on SQLite', async () => {
    const store = await open();
    if (store.engine === 'sqlite') {
      await expect(store.history.deleteFrom('events').execute()).rejects.toThrow(/readonly/);
      await expect(store.history.transaction().execute(async () => 1)).rejects.toMatchObject({
        code: 'store.read_only',
      });
    }
    await store.close();
  });
});
