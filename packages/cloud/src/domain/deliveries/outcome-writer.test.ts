import { seconds, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { errorText, logText } from './log-text.ts';
import type { Outcome } from './outcome-store.ts';
import { OutcomeWriter } from './outcome-writer.ts';

describeStores('OutcomeWriter', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    const store = await open();
    let down = false;
    const sometimes = {
      get db() {
        if (down) throw new Error('the store is away');
        return store.db;
      },
    };
    const writer = new OutcomeWriter({ store: sometimes, clock, log: silentLogger });
    const owe = async () => {
      const row = { integration_id: 'one', event_sequence: 1, created_at: 0, due_at: 0 };
      return (await store.db.insertInto('deliveries').values(row).returning('id').executeTakeFirstOrThrow()).id;
    };
    const rows = () => store.db.selectFrom('deliveries').selectAll().orderBy('id').execute();
    const setDown = (is: boolean) => {
      down = is;
    };
    return { clock, writer, owe, rows, setDown };
  }

  const base = (deliveryId: number) => ({
    deliveryId,
    integrationId: 'one',
    at: 5,
    counts: 'error' as const,
    log: null,
  });

  it('tries again until the store takes it', async () => {
    const { clock, writer, owe, rows, setDown } = await setUp();
    const [one, two, three] = [await owe(), await owe(), await owe()];
    setDown(true);
    const written = [
      writer.write({ ...base(one), state: 'delivered' }),
      writer.write({ ...base(two), state: 'waiting', dueAt: 77, attempts: 1, error: 'no' }),
      writer.write({ ...base(three), state: 'failed', attempts: 9, error: 'no' }),
    ];
    await clock.elapse(seconds(3));
    setDown(false);
    await clock.elapse(seconds(1));
    expect(await Promise.all(written)).toEqual([true, true, true]);
    expect(await rows()).toMatchObject([
      { id: two, due_at: 77, attempts: 1, last_error: 'no' },
      { id: three, due_at: null, attempts: 9, last_error: 'no' },
    ]);
    await writer.close();
  });

  it('gives up when it closes, and says so: the rows are as they were', async () => {
    const { clock, writer, owe, rows, setDown } = await setUp();
    const one = await owe();
    setDown(true);
    const written = writer.write({ ...base(one), state: 'delivered' });
    await clock.elapse(seconds(2));
    await writer.close();
    expect(await written).toBe(false);
    expect(await rows()).toMatchObject([{ id: one, due_at: 0, attempts: 0 }]);
  });

  it('takes any text that is made storable', async () => {
    const { writer, owe, rows } = await setUp();
    const one = await owe();
    const outcome: Outcome = {
      ...base(one),
      state: 'failed',
      attempts: 1,
      error: errorText('a\0b\ud800c'.repeat(500)),
    };
    expect(await writer.write(outcome)).toBe(true);
    expect((await rows())[0]?.last_error).toHaveLength(500);
    expect(logText('x'.repeat(40_000))).toHaveLength(32_768 + 6);
    await writer.close();
  });
});
