import { type DeviceId, minutes, seconds, silentLogger, systemClock } from '@cloudchamber/kernel';
import { temporaryFolder, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, expect, it } from 'vitest';
import { createRollout, getRollout, listRolloutDevices, rollBackRollout } from '../../src/domain/rollouts/index.ts';
import { openStore } from '../../src/store/index.ts';
import { FleetSite } from './fleet-site.ts';

const DEVICES = 1000;
const DEADLINE_MINUTES = 60;
const STEPS = [{ percent: 10 }, { percent: 100 }];

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

it(`halts before its second stage when 5 % of ${DEVICES} devices fail, and fails silent ones at the deadline`, async () => {
  const clock = new VirtualClock();
  const folder = await temporaryFolder();
  // Not in virtual time: a commit may wait a little for others, and time waits for the store.
  const store = await openStore({ clock: systemClock, log: silentLogger, dataDir: folder.path, onFailure: () => {} });
  cleanUp.push(
    () => folder.remove(),
    () => store.close(),
  );
  const site = await FleetSite.open(store, clock, DEVICES);
  cleanUp.push(() => site.close());
  const ids = [...site.devices.keys()];
  const device = (id: DeviceId) => site.devices.get(id)!;
  const taken = () => ids.filter((id) => device(id).stats.updates > 0);
  const rolloutNow = async (id: string) => (await getRollout(site.ctx, id)).rollout;
  const devicesIn = async (id: string, state?: 'offered' | 'succeeded' | 'failed' | 'left') =>
    (await listRolloutDevices(site.ctx, id, { state, limit: DEVICES + 1 })).devices;
  const told: string[] = [];
  const tell = (what: string) => told.push(`${what} at ${Math.round(clock.monotonic() / 1000)} s`);

  const broken = ids.filter((_, number) => number % 20 === 7);
  for (const id of broken) device(id).setUpdateFault({ kind: 'bad-flash' });
  expect(broken).toHaveLength(DEVICES / 20);
  await site.connect();
  tell('all connected');

  const settings = {
    version: 2,
    productDefault: true,
    steps: STEPS,
    immediate: true,
    deadlineMinutes: DEADLINE_MINUTES,
  };
  const first = await createRollout(site.ctx, site.bus, { ...settings, failureThresholdPercent: 2 });
  await site.until(minutes(30), async () => (await rolloutNow(first.id)).state !== 'running', seconds(1));
  tell('halted');
  const halted = await rolloutNow(first.id);
  expect(halted).toMatchObject({
    state: 'halted',
    step: 0,
    message: expect.stringMatching(/^\d+ of 100 devices failed/),
  });
  const reached = await devicesIn(first.id);
  expect(reached).toHaveLength(DEVICES / 10);
  const failed = await devicesIn(first.id, 'failed');
  // More than 2 of 100; those that failed their third attempt in the same moment count too.
  expect(failed.length).toBeGreaterThan(2);
  expect(broken).toEqual(expect.arrayContaining(failed.map(({ deviceId }) => deviceId)));
  for (const { failures, message } of failed) {
    expect([failures, message]).toEqual([3, '3 attempts failed, the last one: the integrity check failed']);
  }
  // Nobody outside of the first stage was sent anything, however long it takes.
  await site.elapse(minutes(10));
  const inStage = new Set(reached.map(({ deviceId }) => deviceId));
  expect(taken().filter((id) => !inStage.has(id))).toEqual([]);
  expect(taken().toSorted()).toEqual([...inStage].filter((id) => !broken.includes(id)).toSorted());

  const back = await rollBackRollout(site.ctx, site.bus, first.id, { to: 'release', immediate: true });
  expect(back.takenBack).toMatchObject({ backTo: [{ version: 1, devices: taken().length }], staying: 0 });
  await site.until(minutes(10), async () => (await site.running()).get(1) === DEVICES, seconds(1));
  tell('rolled back');

  // Now they are sound, but for some that take the version and are never heard again, and some that are gone before.
  for (const id of broken) device(id).setUpdateFault(undefined);
  const silent = ids.filter((_, number) => number % 100 === 3);
  for (const id of silent) device(id).setUpdateFault({ kind: 'never-return' });
  const gone = ids.filter((_, number) => number % 200 === 4);
  const leaving = gone.map((id) => device(id).disconnect({ timeoutMs: seconds(1) }));
  await site.elapse(seconds(5));
  await Promise.all(leaving);
  const lost = new Set([...silent, ...gone]);
  const second = await createRollout(site.ctx, site.bus, { ...settings, failureThresholdPercent: 25, pauseMinutes: 5 });
  await site.until(minutes(180), async () => (await rolloutNow(second.id)).state === 'completed', seconds(5));
  tell('completed');
  const late = await devicesIn(second.id, 'failed');
  expect(new Set(late.map(({ deviceId }) => deviceId))).toEqual(lost);
  for (const { offeredAt, endedAt, message, deviceId } of late) {
    expect(endedAt! - offeredAt).toBeGreaterThanOrEqual(minutes(DEADLINE_MINUTES));
    expect(endedAt! - offeredAt).toBeLessThan(minutes(DEADLINE_MINUTES) + seconds(10));
    expect(message).toBe(
      gone.includes(deviceId)
        ? 'Deadline: it was silent, and not heard of since it was offered the version'
        : 'Deadline: it was offline',
    );
  }
  expect(await devicesIn(second.id, 'succeeded')).toHaveLength(DEVICES - lost.size);
  expect(await site.running()).toEqual(
    new Map([
      [1, lost.size],
      [2, DEVICES - lost.size],
    ]),
  );
  console.log(`in virtual time: ${told.join(', ')}`);
}, 300_000);
