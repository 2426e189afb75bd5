import { days, hours, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { AuditPruner } from './audit-pruner.ts';
import { recordEntry } from './record-entry.ts';

describeStores('AuditPruner', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    const store = await open({ clock });
    const ctx = { store, clock, log: silentLogger };
    const add = (requestId: string) =>
      recordEntry(ctx, {
        actor: { kind: 'nobody', id: null, name: null },
        subjectId: null,
        address: '192.0.2.1',
        operation: 'createUser',
        object: { params: {}, fields: [] },
        productId: null,
        organizationId: null,
        requestId,
      });
    const kept = async () => {
      const rows = await store.db.selectFrom('audit_entries').select('request_id').orderBy('sequence').execute();
      return rows.map((row) => row.request_id);
    };
    return { clock, ctx, add, kept };
  }

  it('forgets after 400 days', async () => {
    const { clock, ctx, add, kept } = await setUp();
    await add('old');
    clock.advance(days(399));
    await add('new');
    await new AuditPruner(ctx).close();
    expect(await kept()).toEqual(['old', 'new']);
    clock.advance(days(1) + 1);
    await new AuditPruner(ctx).close();
    expect(await kept()).toEqual(['new']);
  });

  it('keeps the newest when there are too many, and looks every hour', async () => {
    const { clock, ctx, add, kept } = await setUp();
    for (const name of ['1', '2', '3', '4']) await add(name);
    const pruner = new AuditPruner(ctx, 3);
    await expect.poll(kept).toEqual(['2', '3', '4']);
    await add('5');
    await add('6');
    await expect
      .poll(async () => {
        clock.advance(hours(1));
        return kept();
      })
      .toEqual(['4', '5', '6']);
    await pruner.close();
  });
});
