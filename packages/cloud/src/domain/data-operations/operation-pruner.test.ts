import { days, hours, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { OperationPruner } from './operation-pruner.ts';

describeStores('OperationPruner', (open) => {
  async function setUp(now: string) {
    const clock = new VirtualClock();
    clock.advance(Date.parse(now) - clock.now());
    const store = await open();
    const add = (time: string, devices = 1) =>
      store.db
        .insertInto('data_operations')
        .values(
          Array.from({ length: devices }, (_, at) => {
            const key = { owner_id: '', product_id: 1, device_id: String(at) };
            return { ...key, hour: Date.parse(time), kind: 'publish' as const, count: 1 };
          }),
        )
        .execute();
    const kept = async () => {
      const rows = await store.db.selectFrom('data_operations').select('hour').distinct().orderBy('hour').execute();
      return rows.map(({ hour }) => hour);
    };
    return { clock, ctx: { store, clock, log: silentLogger }, add, kept };
  }

  it('keeps the month and thirteen before it', async () => {
    const { clock, ctx, add, kept } = await setUp('2026-03-31T23:00:00Z');
    await add('2025-01-31T23:00:00Z', 2500);
    await add('2025-02-01T00:00:00Z');
    await add('2026-03-31T23:00:00Z');
    const pruner = new OperationPruner(ctx);
    const march = Date.parse('2026-03-31T23:00:00Z');
    await expect.poll(kept).toEqual([Date.parse('2025-02-01T00:00:00Z'), march]);
    await expect
      .poll(async () => {
        clock.advance(hours(1));
        return kept();
      })
      .toEqual([march]);
    await pruner.close();
  });

  it('looks again an hour after the store refused', async () => {
    const { clock, ctx, add, kept } = await setUp('2026-03-31T22:00:00Z');
    await add('2020-01-01T00:00:00Z');
    const rename = (from: string, to: string) => ctx.store.db.schema.alterTable(from).renameTo(to).execute();
    await rename('data_operations', 'data_operations_away');
    const refused = Promise.withResolvers<void>();
    const pruner = new OperationPruner({ ...ctx, log: { ...silentLogger, error: () => refused.resolve() } });
    await refused.promise;
    await rename('data_operations_away', 'data_operations');
    await expect
      .poll(async () => {
        clock.advance(days(1));
        return kept();
      })
      .toEqual([]);
    await pruner.close();
  });
});
