import { describeStores } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { keyedRead } from './keyed-read.ts';

describeStores('a keyed read', (open) => {
  it('gives the rows of its values, on every database and in transactions', async () => {
    const named = keyedRead((db, name: string, least: number) =>
      db.selectFrom('events').select('name').where('name', '=', name).where('ttl', '>=', least),
    );
    const [one, two] = [await open(), await open()];
    const event = { ownerId: null, productId: null, deviceId: null, publisher: 'api', data: null, contentFormat: 0 };
    for (const name of ['a', 'b', 'b']) await one.events.append({ ...event, name, ttlSeconds: 60, publishedAt: 0 });
    for (const [db, name, least, found] of [
      [one.db, 'b', 60, 2],
      [one.db, 'a', 60, 1],
      [one.db, 'b', 61, 0],
      [one.reads, 'b', 60, 2],
      [two.db, 'b', 60, 0],
      [one.reads, "b' or 1 = 1 --", 60, 0],
    ] as const) {
      expect(await named(db, name, least)).toHaveLength(found);
    }
    await one.db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('events').where('name', '=', 'b').execute();
      expect(await named(transaction, 'b', 60)).toEqual([]);
      expect(await named(transaction, 'a', 60)).toEqual([{ name: 'a' }]);
    });
  });

  it('refuses a query with a value of its own, which would be taken for one of the next time', async () => {
    const named = keyedRead((db, name: string) =>
      db.selectFrom('events').select('name').where('ttl', '=', 60).where('name', '=', name),
    );
    await expect(named((await open()).db, 'a')).rejects.toThrow('besides its values');
  });
});
