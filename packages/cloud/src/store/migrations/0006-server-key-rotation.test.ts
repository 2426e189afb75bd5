import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { describeStorePlaces } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openStore } from '../open-store.ts';

const clock = systemClock;
const log = silentLogger;

describeStorePlaces('migration 0006', (newPlace) => {
  it('keeps the key that devices hold, as the first of its algorithm', async () => {
    const place = await newPlace();
    const key = Uint8Array.of(1, 2, 3);
    const before = await openStore({ ...place, clock, log });
    try {
      // Back to what migration 0004 had left.
      const binary = before.engine === 'sqlite' ? sql`blob` : sql`bytea`;
      await sql`drop table server_keys`.execute(before.db);
      await sql`create table server_keys (id text primary key, algorithm text not null unique, public_key ${binary} not null,
        sealed_private_key ${binary} not null, created_at bigint not null)`.execute(before.db);
      await sql`insert into server_keys values ('k', 'ec-p256', ${key}, ${key}, 7)`.execute(before.db);
      await sql`alter table devices drop column server_key`.execute(before.db);
      await sql`delete from migrations where name = '0006-server-key-rotation'`.execute(before.db);
    } finally {
      await before.close();
    }
    const after = await openStore({ ...place, clock, log });
    try {
      const rows = await after.db.selectFrom('server_keys').selectAll().execute();
      expect(rows.map((row) => ({ ...row, public_key: [...row.public_key] }))).toEqual([
        {
          id: 'k',
          algorithm: 'ec-p256',
          generation: 1,
          public_key: [1, 2, 3],
          sealed_private_key: expect.anything(),
          created_at: 7,
          retired_at: null,
        },
      ]);
      await after.db.selectFrom('devices').select('server_key').execute();
    } finally {
      await after.close();
    }
  });
});
