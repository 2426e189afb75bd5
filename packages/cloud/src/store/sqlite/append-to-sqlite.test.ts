import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { temporaryFolder } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { NewEvent } from '../event-log.ts';
import { openStore } from '../open-store.ts';

it('refuses events while the disk is full, keeps none of them, and goes on when there is room', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ dataDir: folder.path, clock: systemClock, log: silentLogger });
  const append = (name: string) =>
    store.events.append({
      ownerId: null,
      productId: null,
      deviceId: null,
      publisher: 'api',
      name,
      data: new Uint8Array(1_000),
      contentFormat: 0,
      ttlSeconds: 60,
      publishedAt: 0,
    } satisfies NewEvent);
  const before = await append('before');
  // Stands for a full disk: SQLite answers SQLITE_FULL just the same.
  await sql`pragma max_page_count = 1`.execute(store.db);
  const results = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => append(`full ${index}`)));
  for (const result of results) expect(result).toMatchObject({ reason: { code: 'event_log.unavailable' } });
  await sql`pragma max_page_count = 1000000`.execute(store.db);
  const after = await append('after');
  expect(await store.events.read({ limit: 1_000 })).toEqual([before, after]);
  await store.close();
  await folder.remove();
});
