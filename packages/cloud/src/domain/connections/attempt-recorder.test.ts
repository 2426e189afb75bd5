import type { ConnectionOutcome } from '@cloudchamber/gateway';
import { type DeviceId, minutes, seconds, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import { keyFingerprint } from '../server-keys/index.ts';
import { AttemptRecorder } from './attempt-recorder.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const KEY = Buffer.from('a key');

describeStores('AttemptRecorder', (open) => {
  let clock: VirtualClock;
  let store: Store;
  let recorder: AttemptRecorder;
  const openRecorder = (most?: number) => AttemptRecorder.open({ store, clock, log: silentLogger }, most);

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    recorder = await openRecorder();
  });

  const ended = (more: Partial<ConnectionOutcome> = {}): ConnectionOutcome => ({
    transport: 'udp',
    address: '192.0.2.7',
    port: 40_000,
    stage: 'hello',
    reason: 'key_mismatch',
    deviceId: A,
    publicKey: KEY,
    keyProved: true,
    at: clock.now(),
    ...more,
  });
  const admitted = (deviceId: DeviceId, at = clock.now()): ConnectionOutcome => {
    const { reason: _, ...rest } = ended({ deviceId, stage: 'admitted', at });
    return rest;
  };
  const rows = async () => {
    await recorder.flush();
    return store.db.selectFrom('connection_attempts').selectAll().orderBy('id').execute();
  };
  const device = (number: number) => `e00fce68${String(number).padStart(16, '0')}` as DeviceId;

  it('keeps how an attempt ended, with the key that could be approved', async () => {
    recorder.note(ended({ address: '::ffff:192.0.2.7' }));
    expect(await rows()).toEqual([
      {
        id: 1,
        device_id: A,
        transport: 'udp',
        address: '192.0.2.7',
        port: 40_000,
        stage: 'hello',
        outcome: 'refused',
        reason: 'key_mismatch',
        key_fingerprint: keyFingerprint(KEY),
        public_key: expect.anything(),
        count: 1,
        first_at: clock.now(),
        last_at: clock.now(),
      },
    ]);
    const [row] = await rows();
    expect(Buffer.from(row?.public_key ?? [])).toEqual(KEY);
  });

  it.each([
    [{ keyProved: false }, 'refused'],
    [{ reason: 'denied' }, 'refused'],
    [{ reason: 'unreadable', stage: 'secured' }, 'failed'],
  ] as const)('keeps no key of %o', async (more, outcome) => {
    recorder.note(ended(more));
    expect(await rows()).toMatchObject([{ outcome, public_key: null, key_fingerprint: keyFingerprint(KEY) }]);
  });

  it('writes by itself, a second later', async () => {
    recorder.note(admitted(A));
    const count = async () => (await store.db.selectFrom('connection_attempts').select('id').execute()).length;
    expect(await count()).toBe(0);
    clock.advance(seconds(1));
    await recorder.flush();
    expect(await count()).toBe(1);
    recorder.note(ended());
    clock.advance(seconds(1));
    await recorder.flush();
    expect(await count()).toBe(2);
  });

  it('counts what happens again within a minute, and only the same', async () => {
    recorder.note(ended());
    await recorder.flush();
    clock.advance(seconds(30));
    recorder.note(ended({ port: 40_001 }));
    recorder.note(ended({ port: 40_002 }));
    recorder.note(ended({ publicKey: Buffer.from('another key') }));
    recorder.note(ended({ address: '192.0.2.8' }));
    recorder.note(ended({ reason: 'denied' }));
    expect((await rows()).map(({ id, count, port }) => [id, count, port])).toEqual([
      [1, 3, 40_002],
      [2, 1, 40_000],
      [3, 1, 40_000],
      [4, 1, 40_000],
    ]);
    expect((await rows())[0]).toMatchObject({ first_at: clock.now() - seconds(30), last_at: clock.now() });
    clock.advance(seconds(30));
    recorder.note(ended());
    expect((await rows()).map(({ id, count }) => [id, count]).slice(-1)).toEqual([[5, 1]]);
  });

  it('goes on with the ids of an earlier process', async () => {
    recorder.note(ended());
    await recorder.close();
    recorder = await openRecorder();
    recorder.note(ended());
    expect((await rows()).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('keeps 25 attempts of a device that came in and 25 that did not: neither hides the others', async () => {
    for (let number = 1; number <= 30; number++) {
      recorder.note(admitted(A));
      recorder.note(ended());
      recorder.note(admitted(device(number + 100)));
      await recorder.flush();
      clock.advance(minutes(1));
    }
    const kept = await rows();
    const own = kept.filter((row) => row.device_id === A);
    expect(own.filter((row) => row.outcome === 'admitted').map(({ id }) => id)).toEqual(
      Array.from({ length: 25 }, (_, at) => (at + 5) * 3 + 1),
    );
    expect(own.filter((row) => row.outcome === 'refused')).toHaveLength(25);
    expect(kept.length - own.length).toBe(30);
  });

  it('keeps no more than so many in all', async () => {
    recorder = await openRecorder(10);
    for (let number = 0; number < 12; number++) recorder.note(admitted(device(number)));
    expect((await rows()).map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('loses nothing but what the store refuses, and counts that', async () => {
    recorder.note(ended());
    await store.close();
    await recorder.flush();
    expect(recorder.leftOut).toEqual({ since: clock.now(), count: 1 });
    await recorder.close();
  });

  describe('in a flood', () => {
    it('keeps 100 failures of an address and 1,000 in all a minute, and counts the rest', async () => {
      for (let number = 0; number < 300; number++) recorder.note(ended({ deviceId: device(number) }));
      expect(await rows()).toHaveLength(100);
      expect(recorder.leftOut.count).toBe(200);
      for (let number = 0; number < 3000; number++) {
        recorder.note(ended({ deviceId: device(number), address: `198.51.${number >> 8}.${number & 255}` }));
      }
      expect(await rows()).toHaveLength(1000);
      expect(recorder.leftOut.count).toBe(2300);
      // Whoever comes in is kept all the same, from that address as well.
      recorder.note(admitted(A));
      expect(await rows()).toHaveLength(1001);
      clock.advance(minutes(1));
      recorder.note(ended({ deviceId: device(9999) }));
      expect(await rows()).toHaveLength(1002);
    });

    it('takes all addresses of an IPv6 network for one', async () => {
      for (let number = 0; number < 150; number++) {
        recorder.note(ended({ deviceId: device(number), address: `2001:db8:1:2::${number.toString(16)}` }));
      }
      expect(await rows()).toHaveLength(100);
    });

    it('holds a bounded number in memory, however many devices come in at once', async () => {
      for (let number = 0; number < 50_000; number++) recorder.note(admitted(device(number)));
      expect(recorder.held).toBe(20_000);
      expect(recorder.leftOut.count).toBe(30_000);
      await recorder.flush();
      expect(await store.db.selectFrom('connection_attempts').select('id').execute()).toHaveLength(1000);
      await recorder.close();
      expect(await store.db.selectFrom('connection_attempts').select('id').execute()).toHaveLength(20_000);
    });

    it('forgets what it remembers of the last minutes', async () => {
      for (let number = 0; number < 1000; number++) recorder.note(admitted(device(number)));
      await recorder.flush();
      clock.advance(minutes(1));
      recorder.note(admitted(A));
      await recorder.flush();
      expect(recorder.held).toBe(1);
    });
  });
});
