import { days, hours, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { DeliveryPruner } from './delivery-pruner.ts';

describeStores('DeliveryPruner', (open) => {
  it('deletes failures, counters and logs after 30 days, and failures beyond the most; what waits stays', async () => {
    const clock = new VirtualClock();
    const store = await open();
    const { db } = store;
    const parts = { store, clock, log: silentLogger };
    const integration = { owner_kind: 'user', owner_id: 'ann', integration_type: 'Webhook', event: 'e' } as const;
    const more = { name: 'n', device_id: null, settings: '{}', secrets: Buffer.from('x'), mode: 'durable' } as const;
    const row = { ...integration, ...more, id: 'one', disabled: 0, created_at: 0, updated_at: 0 };
    await db.insertInto('integrations').values(row).execute();
    const owe = (id: string, sequence: number, dueAt: number | null) =>
      db
        .insertInto('deliveries')
        .values({ integration_id: id, event_sequence: sequence, created_at: clock.now(), due_at: dueAt })
        .execute();
    const log = { kind: 'error', event: '{}', request: '', response: '' } as const;
    const remember = async (day: number) => {
      const counter = { integration_id: 'one', day, success: 1, error: 0, sleep: 0 };
      await db.insertInto('integration_counters').values(counter).execute();
      await db
        .insertInto('integration_logs')
        .values({ ...log, integration_id: 'one', at: clock.now() })
        .execute();
    };
    const left = async () => {
      const rows = await db.selectFrom('deliveries').select('event_sequence').orderBy('event_sequence').execute();
      const counters = await db.selectFrom('integration_counters').select('day').execute();
      const logs = await db.selectFrom('integration_logs').select('at').execute();
      return { deliveries: rows.map((each) => each.event_sequence), counters: counters.length, logs: logs.length };
    };
    await owe('one', 1, null);
    await owe('one', 2, 0);
    await owe('gone', 3, null);
    await remember(clock.now());
    clock.advance(days(29));
    for (const sequence of [4, 5, 6]) await owe('one', sequence, null);
    await owe('two', 7, null);
    await remember(clock.now());

    const pruner = new DeliveryPruner(parts, 4);
    await expect.poll(() => pruner.failed).toBe(6);
    await pruner.close();
    expect(await left()).toEqual({ deliveries: [1, 2, 3, 4, 5, 6, 7], counters: 2, logs: 2 });

    clock.advance(days(2) + 1);
    const later = new DeliveryPruner(parts, 4);
    await expect.poll(left).toEqual({ deliveries: [2, 4, 5, 6, 7], counters: 1, logs: 1 });
    await later.close();

    const strict = new DeliveryPruner(parts, 2);
    await expect.poll(left).toEqual({ deliveries: [2, 5, 6, 7], counters: 1, logs: 1 });
    await owe('one', 8, null);
    await expect
      .poll(async () => {
        clock.advance(hours(1));
        return (await left()).deliveries;
      })
      .toEqual([2, 6, 7, 8]);
    await strict.close();
  });
});
