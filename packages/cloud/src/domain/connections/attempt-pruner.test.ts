import type { ConnectionOutcome } from '@cloudchamber/gateway';
import { type DeviceId, days, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { AttemptPruner } from './attempt-pruner.ts';
import { AttemptRecorder } from './attempt-recorder.ts';

const A = 'e00fce680000000000000001' as DeviceId;

describeStores('AttemptPruner', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    const store = await open({ clock });
    const ctx = { store, clock, log: silentLogger };
    const recorder = await AttemptRecorder.open(ctx);
    const note = async (more: Partial<ConnectionOutcome>) => {
      const peer = { transport: 'udp', address: '192.0.2.7', port: 40_000, keyProved: true } as const;
      recorder.note({ ...peer, stage: 'hello', deviceId: A, at: clock.now(), ...more });
      await recorder.flush();
    };
    const kept = async () => {
      const rows = await store.db.selectFrom('connection_attempts').select('id').orderBy('id').execute();
      return rows.map((row) => row.id);
    };
    return { clock, ctx, note, kept };
  }

  it('forgets after 30 days', async () => {
    const { clock, ctx, note, kept } = await setUp();
    await note({ stage: 'admitted' });
    clock.advance(days(29));
    await note({ stage: 'admitted' });
    await new AttemptPruner(ctx).close();
    expect(await kept()).toEqual([1, 2]);
    clock.advance(days(1) + 1);
    await new AttemptPruner(ctx).close();
    expect(await kept()).toEqual([2]);
  });

  it('keeps the newest of strangers when there are too many, and all of the others', async () => {
    const { ctx, note, kept } = await setUp();
    await note({ reason: 'key_mismatch' });
    await note({ stage: 'admitted' });
    await note({ reason: 'unknown_device', deviceId: 'e00fce680000000000000002' as DeviceId });
    await note({ reason: 'timed_out', address: '192.0.2.8' });
    await note({ reason: 'timed_out', address: '192.0.2.9' });
    await new AttemptPruner(ctx, 2).close();
    expect(await kept()).toEqual([1, 2, 4, 5]);
  });
});
