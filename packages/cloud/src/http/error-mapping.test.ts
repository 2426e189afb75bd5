import { silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { replyForError } from './error-mapping.ts';

describeStores('a query of the store that fails', (open) => {
  it('tells to ask for less when the store gave it up, and nothing of a fault', async () => {
    const store = await open();
    const tooLong =
      store.engine === 'postgres'
        ? sql`select pg_cancel_backend(pg_backend_pid()), pg_sleep(10)`
        : // SQLite bounds its reads by what is asked of it, so it gives none up.
          sql`select 'gone' from nowhere`;
    const error: unknown = await tooLong.execute(store.db).catch((thrown: unknown) => thrown);
    const { status, body } = replyForError(error, 'abc', silentLogger);
    if (store.engine === 'postgres') {
      expect([status, body]).toEqual([503, expect.objectContaining({ error: 'unavailable' })]);
      expect(JSON.stringify(body)).toContain('ask for less');
    } else {
      expect([status, body]).toEqual([500, expect.objectContaining({ error: 'internal_error' })]);
      expect(JSON.stringify(body)).not.toContain('nowhere');
    }
  });
});
