import { hours } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { listEntries } from './list-entries.ts';
import { recordEntry } from './record-entry.ts';

const PRODUCT = 1042;

describeStores('listEntries', (open) => {
  /** Entries 0 to 9, an hour apart from the begin on; every third one is of another product. */
  async function setUp() {
    const clock = new VirtualClock();
    const store = await open({ clock });
    const begin = clock.now();
    for (let index = 0; index < 10; index += 1) {
      await recordEntry(
        { store, clock },
        {
          actor: { kind: 'nobody', id: null, name: null },
          subjectId: null,
          address: '192.0.2.1',
          operation: 'updateProduct',
          object: { params: {}, fields: [] },
          productId: index % 3 === 2 ? 1043 : PRODUCT,
          organizationId: null,
          requestId: String(index),
        },
      );
      clock.advance(hours(1));
    }
    const list = async (page: { from?: number; to?: number; before?: number; limit?: number }) => {
      const asked = { limit: 50, ...page };
      const { entries, next } = await listEntries({ store }, { of: 'product', productId: PRODUCT }, asked);
      return { ids: entries.map(({ requestId }) => requestId).join(''), next };
    };
    return { store, begin, list };
  }

  it('shows the entries of a time, without those at its end', async () => {
    const { begin, list } = await setUp();
    expect(await list({})).toEqual({ ids: '9764310', next: null });
    expect(await list({ from: begin + hours(3) })).toEqual({ ids: '97643', next: null });
    expect(await list({ from: begin + hours(3) + 1 })).toEqual({ ids: '9764', next: null });
    expect(await list({ to: begin + hours(7) })).toEqual({ ids: '64310', next: null });
    expect(await list({ from: begin + hours(1), to: begin + hours(6) })).toEqual({ ids: '431', next: null });
  });

  it('shows nothing where the time has none', async () => {
    const { begin, list } = await setUp();
    expect(await list({ from: begin + hours(20) })).toEqual({ ids: '', next: null });
    expect(await list({ to: begin })).toEqual({ ids: '', next: null });
    expect(await list({ from: begin + hours(6), to: begin + hours(1) })).toEqual({ ids: '', next: null });
  });

  it('goes on page by page within a time', async () => {
    const { begin, list } = await setUp();
    const time = { from: begin + hours(1), to: begin + hours(7), limit: 2 };
    const one = await list(time);
    expect(one).toEqual({ ids: '64', next: expect.any(Number) });
    expect(await list({ ...time, before: one.next ?? 0 })).toEqual({ ids: '31', next: null });
  });

  it('finds its way when the oldest entries are gone, and in an empty log', async () => {
    const { store, begin, list } = await setUp();
    const rows = await store.db.selectFrom('audit_entries').select('sequence').orderBy('sequence').execute();
    const gone = rows.slice(0, 5).map(({ sequence }) => sequence);
    await store.db.deleteFrom('audit_entries').where('sequence', 'in', gone).execute();
    expect(await list({ from: begin, to: begin + hours(7) })).toEqual({ ids: '6', next: null });
    await store.db.deleteFrom('audit_entries').execute();
    expect(await list({ from: begin, to: begin + hours(7) })).toEqual({ ids: '', next: null });
  });
});
