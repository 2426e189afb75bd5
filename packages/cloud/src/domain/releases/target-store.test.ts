import type { DeviceId } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import type { RolloutDeviceState, RolloutState } from '../../store/tables/fleets.ts';
import { changeDevice, insertDevice } from '../devices/device-store.ts';
import { findReleases, findTargetFacts, pageOfMembers } from './target-store.ts';

const P = 1000;
const ids = ['01', '02', '03', '04'].map((end) => `e00fce6800000000000000${end}` as DeviceId);
const [A, B, C, D] = ids as [DeviceId, DeviceId, DeviceId, DeviceId];

describeStores('what decides about the firmware of members', (open) => {
  let store: Store;

  beforeEach(async () => {
    store = await open();
    for (const id of ids) {
      await insertDevice(store.db, { id, name: 'n', platformId: 32, publicKey: null, ownerId: null, at: 0 });
      await changeDevice(store.db, id, { product_id: id === D ? null : P });
    }
  });

  const joinGroups = async (productId: number, id: DeviceId, ...names: string[]) => {
    const group = { product_id: productId, description: '', color: '#000000', created_at: 0 };
    for (const name of names) {
      await store.db
        .insertInto('device_groups')
        .values({ ...group, name })
        .execute();
      await store.db
        .insertInto('device_group_members')
        .values({ product_id: productId, name, device_id: id })
        .execute();
    }
  };
  const addRollout = async (id: string, state: RolloutState, row: RolloutDeviceState, createdAt = 1) => {
    const texts = { id, scope: '{"productDefault":true,"groups":["a"]}', settings: '{"immediate":true}', steps: '[]' };
    const numbers = { product_id: P, version: createdAt, step: 0, created_at: createdAt, updated_at: createdAt };
    await store.db
      .insertInto('rollouts')
      .values({ ...texts, ...numbers, state, created_by: 'ann' })
      .execute();
    const member = { rollout_id: id, device_id: A, state: row, step: 0, offered_at: 77, failures: 0 };
    await store.db.insertInto('rollout_devices').values(member).execute();
  };
  const rolloutOf = async (id: DeviceId) => (await findTargetFacts(store.reads, [id])).get(id)?.facts.rollout;

  it('is read of devices that are in a product', async () => {
    await joinGroups(P, A, 'b', 'a');
    await changeDevice(store.db, A, {
      firmware_product_id: P,
      firmware_version: 7,
      development: 1,
      desired_firmware_version: 5,
      flash_now: 1,
      retargeted_at: 9,
      last_handshake_at: 11,
    });
    await changeDevice(store.db, B, { firmware_product_id: P + 1, firmware_version: 7 });
    const found = await findTargetFacts(store.reads, ids);
    expect([...found.keys()].sort()).toEqual([A, B, C]);
    expect(found.get(A)).toEqual({
      id: A,
      productId: P,
      running: 7,
      lastHandshakeAt: 11,
      facts: { development: true, lockedTo: 5, flashNow: true, groups: ['a', 'b'], rollout: null, retargetedAt: 9 },
    });
    expect(found.get(B)).toMatchObject({ running: null, facts: { lockedTo: null, groups: [], retargetedAt: 0 } });
    expect(await findTargetFacts(store.reads, [])).toEqual(new Map());
  });

  it('comes in pages, in the order of ids', async () => {
    const first = await pageOfMembers(store.history, P, undefined, 2);
    expect(first.map(({ id }) => id)).toEqual([A, B]);
    expect((await pageOfMembers(store.history, P, B, 2)).map(({ id }) => id)).toEqual([C]);
    expect(await pageOfMembers(store.history, P, C, 2)).toEqual([]);
    expect(await pageOfMembers(store.history, P + 1, undefined, 2)).toEqual([]);
  });

  it.each<[RolloutState, RolloutDeviceState, boolean]>([
    ['running', 'offered', true],
    ['waiting', 'offered', true],
    ['paused', 'offered', false],
    ['halted', 'offered', false],
    ['running', 'succeeded', true],
    ['paused', 'succeeded', true],
    ['halted', 'succeeded', true],
    ['aborted', 'succeeded', true],
    ['aborted', 'offered', false],
    ['completed', 'succeeded', false],
    ['rolled_back', 'succeeded', false],
    ['running', 'failed', false],
    ['running', 'left', false],
  ])('has a rollout that is %s for a device that is %s: %s', async (state, row, counts) => {
    await addRollout('r', state, row);
    const rollout = { id: 'r', version: 1, at: 77, immediate: true, productDefault: true, groups: ['a'] };
    expect(await rolloutOf(A)).toEqual(counts ? rollout : null);
    expect(await rolloutOf(B)).toBeNull();
  });

  it('has the newest of several rollouts, and none of a product that the device has left', async () => {
    await addRollout('x', 'aborted', 'succeeded', 2);
    await addRollout('a', 'running', 'offered', 3);
    await addRollout('z', 'aborted', 'succeeded', 1);
    expect(await rolloutOf(A)).toMatchObject({ id: 'a', version: 3 });
    await joinGroups(P, A, 'old');
    await changeDevice(store.db, A, { product_id: P + 1 });
    expect((await findTargetFacts(store.reads, [A])).get(A)?.facts).toMatchObject({ rollout: null, groups: [] });
  });

  it('is what the product releases', async () => {
    const release = { product_id: P, released_by: 'ann', released_at: 5 };
    const rows = [
      { ...release, group_name: '', version: 3, immediate: 0 },
      { ...release, group_name: 'a', version: 4, immediate: 1 },
      { ...release, group_name: 'a', version: 9, immediate: 1, product_id: P + 1 },
    ];
    await store.db.insertInto('firmware_releases').values(rows).execute();
    expect(await findReleases(store.reads, P)).toEqual(
      new Map([
        ['', { version: 3, releasedAt: 5, immediate: false }],
        ['a', { version: 4, releasedAt: 5, immediate: true }],
      ]),
    );
  });
});
