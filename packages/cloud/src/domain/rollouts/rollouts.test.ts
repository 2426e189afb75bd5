import { days, hours, minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RolloutSite } from '../../../test/rollouts/rollout-site.ts';
import { firmwareTargets } from '../devices/index.ts';
import { abortRollout, pauseRollout, resumeRollout } from './control-rollout.ts';
import { rollBackRollout } from './roll-back-rollout.ts';
import { getRollout, listRollouts } from './show-rollout.ts';

const HALVES = [{ percent: 50 }, { percent: 100 }];

describeStores('rollouts', (open) => {
  let clock: VirtualClock;
  let site: RolloutSite;
  beforeEach(async () => {
    clock = new VirtualClock();
    site = await RolloutSite.open(await open({ clock }), clock);
  });
  afterEach(() => site.runner.close());

  it('goes from step to step, and ends as a release', async () => {
    const ids = await site.addDevices(10);
    await site.release(6);
    const rollout = await site.create({ steps: HALVES, pauseMinutes: 30 });
    const first = await site.ids(rollout);
    expect(first).toHaveLength(5);
    expect(await site.targets(ids)).toEqual(ids.map((id) => (first.includes(id) ? 7 : 6)));

    await site.runs(first.slice(0, 4), 7);
    expect(await site.find(rollout)).toMatchObject({ state: 'running', step: 0 });
    await site.runs(first.slice(4), 7);
    expect(await site.find(rollout)).toMatchObject({ state: 'waiting', step: 0, stepEndedAt: clock.now() });
    await site.elapse(minutes(30) - 1);
    expect(await site.counts(rollout)).toMatchObject({ offered: 0, succeeded: 5 });
    await site.elapse(1);
    expect(await site.find(rollout)).toMatchObject({ state: 'running', step: 1 });
    expect(await site.counts(rollout)).toMatchObject({ offered: 5, succeeded: 5 });
    await site.runs(await site.ids(rollout, 'offered'), 7);

    expect(await site.find(rollout)).toMatchObject({ state: 'completed', endedAt: clock.now() });
    expect(await site.store.db.selectFrom('firmware_releases').selectAll().execute()).toMatchObject([
      { group_name: '', version: 7, immediate: 0, released_at: clock.now() },
    ]);
    const [late] = await site.addDevices(1);
    expect(await site.targets([...ids, late!])).toEqual(Array(11).fill(7));
    expect(await site.kinds(rollout)).toEqual(['created', 'offered', 'waiting', 'next_step', 'offered', 'completed']);
    expect(site.heard.map(({ name }) => name.replace('particle/firmware/', ''))).toEqual([
      'rollout/running',
      'rollout/running',
      'rollout/waiting',
      'rollout/running',
      'rollout/running',
      'rollout/completed',
      'release',
    ]);
    expect(site.heard.at(-2)?.data).toEqual({
      rollout: rollout.id,
      version: 7,
      step: 2,
      state: 'completed',
      message: null,
      counts: { offered: 0, succeeded: 10, failed: 0, left: 0 },
    });
    expect(clock.pending).toBe(0);
  });

  it('takes counts, groups and percents, each of all that is in, and counts what runs it already', async () => {
    for (const name of ['beta', 'gamma']) await site.addGroup(name);
    await site.addDevices(20);
    const beta = await site.addDevices(3, { groups: ['beta'] });
    const gamma = await site.addDevices(2, { groups: ['gamma'], version: 7 });
    const steps = [{ groups: ['beta'] }, { count: 5 }, { groups: ['gamma'] }, { percent: 39 }];
    const rollout = await site.create({ steps, pauseMinutes: 0 });
    expect(await site.ids(rollout)).toEqual(beta);
    const finish = async () => site.runs(await site.ids(rollout, 'offered'), 7);
    await finish();
    expect((await site.find(rollout)).step).toBe(1);
    const inSecond = await site.devices(rollout);
    expect(inSecond).toHaveLength(5);
    // The last step begins by itself when the second is over and those of gamma run it already.
    await finish();
    const { counts } = await getRollout(site.ctx, rollout.id);
    const { step } = await site.find(rollout);
    const sizes = [0, 1, 2, 3].map((at) => {
      const { offered = 0, succeeded = 0 } = counts.get(at) ?? {};
      return offered + succeeded;
    });
    expect(sizes.slice(0, 2)).toEqual([3, 2]);
    const late = inSecond.filter(({ deviceId }) => gamma.includes(deviceId)).length;
    // 39 % of 25 devices are 9.75.
    expect([step, sizes[2], sizes[3]]).toEqual([3, 2 - late, 10 - 5 - (2 - late)]);
    const runningBefore = (await site.devices(rollout)).filter(({ deviceId }) => gamma.includes(deviceId));
    for (const device of runningBefore) expect(device).toMatchObject({ state: 'succeeded', fromVersion: 7 });
  });

  it('passes over development devices, locked ones, and those of other releases', async () => {
    await site.addGroup('beta');
    await site.release(6, 'beta');
    await site.addDevices(4);
    await site.addDevices(2, { development: true });
    await site.addDevices(3, { lockedTo: 6 });
    await site.addDevices(1, { groups: ['beta'] });
    const rollout = await site.create({ steps: [{ percent: 100 }] });
    expect(await site.counts(rollout)).toEqual({ offered: 4, succeeded: 0, failed: 0, left: 0 });
    expect((await site.find(rollout)).passedOver).toEqual({ development: 2, locked: 3, otherRelease: 1 });
  });

  it('reaches the members of its groups only, the highest release winning', async () => {
    for (const name of ['beta', 'gamma']) await site.addGroup(name);
    await site.release(8, 'gamma');
    const beta = await site.addDevices(3, { groups: ['beta'] });
    await site.addDevices(2, { groups: ['beta', 'gamma'] });
    await site.addDevices(5);
    const rollout = await site.create({ productDefault: false, groups: ['beta'], steps: [{ percent: 100 }] });
    expect(await site.ids(rollout)).toEqual(beta);
    expect((await site.find(rollout)).passedOver).toEqual({ development: 0, locked: 0, otherRelease: 2 });
    await site.runs(beta, 7);
    const releases = await site.store.db.selectFrom('firmware_releases').selectAll().orderBy('group_name').execute();
    expect(releases).toMatchObject([
      { group_name: 'beta', version: 7 },
      { group_name: 'gamma', version: 8 },
    ]);
  });

  it('keeps the version with whom it was released to before when it is completed', async () => {
    for (const name of ['beta', 'gamma']) await site.addGroup(name);
    await site.release(7, 'gamma');
    await site.create({ productDefault: false, groups: ['beta'], steps: [{ percent: 100 }] });
    const releases = await site.store.db.selectFrom('firmware_releases').selectAll().orderBy('group_name').execute();
    expect(releases.map(({ group_name, version }) => [group_name, version])).toEqual([
      ['beta', 7],
      ['gamma', 7],
    ]);
  });

  it('halts in the middle of a step, as soon as more failed than may', async () => {
    const ids = await site.addDevices(100);
    await site.release(6);
    const rollout = await site.create({ steps: HALVES, failureThresholdPercent: 2 });
    const [one, two, three] = await site.ids(rollout);
    await site.fail(rollout.id, [one!]);
    expect(await site.find(rollout)).toMatchObject({ state: 'running' });
    await site.fail(rollout.id, [two!]);
    expect(await site.find(rollout)).toMatchObject({
      state: 'halted',
      message: '2 of 50 devices failed, which is more than 2 %',
    });
    expect(await site.counts(rollout)).toEqual({ offered: 48, succeeded: 0, failed: 2, left: 0 });
    expect(await site.targets(ids)).toEqual(Array(100).fill(6));
    expect(site.heard.at(-1)).toMatchObject({
      name: 'particle/firmware/rollout/halted',
      data: { rollout: rollout.id, version: 7, step: 1, counts: { failed: 2 } },
    });
    // A transfer that was under way ends: the device stays on what it got.
    await site.runs([three!], 7);
    expect(await site.targets([three!])).toEqual([7]);
    // Nothing else happens, however long it takes.
    await site.elapse(days(10));
    expect(await site.counts(rollout)).toEqual({ offered: 47, succeeded: 1, failed: 2, left: 0 });
    expect(clock.pending).toBe(0);
  });

  it('counts failures anew after a halt, and gives devices their time anew', async () => {
    await site.addDevices(100);
    const rollout = await site.create({ steps: HALVES, failureThresholdPercent: 2, deadlineMinutes: 60 });
    await site.fail(rollout.id, (await site.ids(rollout)).slice(0, 2));
    await site.elapse(hours(5));
    await resumeRollout(site.ctx, site.bus, rollout.id);
    await site.settle();
    expect(await site.find(rollout)).toMatchObject({ state: 'running', message: null, forgivenAt: clock.now() });
    await site.elapse(minutes(60) - 1);
    expect(await site.counts(rollout)).toMatchObject({ offered: 48, failed: 2 });
    const [next] = await site.ids(rollout, 'offered');
    await site.fail(rollout.id, [next!]);
    expect(await site.find(rollout)).toMatchObject({
      state: 'halted',
      message: '1 of 48 devices failed since it was resumed, which is more than 2 %',
    });
  });

  it('fails devices at the deadline: silent, offline, waiting and under way alike', async () => {
    const [silent, offline, waiting, forbidding, updating, tried, ran] = await site.addDevices(7);
    const rollout = await site.create({
      steps: [{ percent: 100 }],
      failureThresholdPercent: 100,
      deadlineMinutes: 60,
    });
    await site.elapse(minutes(10));
    await site.write([offline!], { last_heard: clock.now() });
    for (const id of [waiting!, forbidding!, updating!]) site.online.add(id);
    site.updating.add(updating!);
    await site.write([forbidding!], { updates_enabled: 0 });
    await site.attempt(rollout.id, tried!, 'no_progress');
    // Its Hello was stored, and the server killed before the rollout heard of it.
    await site.write([ran!], { firmware_product_id: site.productId, firmware_version: 7 });
    await site.elapse(minutes(50) - 1);
    expect(await site.counts(rollout)).toMatchObject({ offered: 7 });
    await site.elapse(1);
    const messages = new Map((await site.devices(rollout)).map((device) => [device.deviceId, device.message]));
    expect(messages.get(silent!)).toBe('Deadline: it was silent, and not heard of since it was offered the version');
    expect(messages.get(offline!)).toBe('Deadline: it was offline');
    expect(messages.get(waiting!)).toBe('Deadline: it was waiting');
    expect(messages.get(forbidding!)).toBe('Deadline: it was waiting, since it forbids updates');
    expect(messages.get(updating!)).toBe('Deadline: its update was still under way');
    expect(messages.get(tried!)).toMatch(/^Deadline: it was silent.*; 1 attempt failed$/);
    expect(await site.ids(rollout, 'succeeded')).toEqual([ran]);
    expect(await site.counts(rollout)).toMatchObject({ failed: 6 });
    expect((await site.find(rollout)).state).toBe('completed');
  });

  it('counts a device that comes late with the version as succeeded, and lets it stay on it', async () => {
    await site.addDevices(2);
    await site.release(6);
    const rollout = await site.create({ steps: [{ count: 1 }, { count: 2 }], failureThresholdPercent: 100 });
    const [late] = await site.ids(rollout);
    await site.elapse(days(1));
    expect(await site.counts(rollout)).toMatchObject({ failed: 1 });
    expect(await site.targets([late!])).toEqual([6]);
    await site.runs([late!], 7);
    expect(await site.counts(rollout)).toMatchObject({ succeeded: 1, failed: 0 });
    expect(await site.targets([late!])).toEqual([7]);
  });

  it('fails a device after three attempts, those that were cancelled not among them', async () => {
    await site.addDevices(2);
    const rollout = await site.create({ steps: [{ percent: 100 }], failureThresholdPercent: 100 });
    const [device] = await site.ids(rollout);
    for (const outcome of ['cancelled', 'refused', 'cancelled', 'no_progress', 'cancelled']) {
      await site.attempt(rollout.id, device!, outcome);
    }
    expect((await site.devices(rollout))[0]).toMatchObject({ state: 'offered', failures: 2 });
    // It took the firmware, and runs another one all the same.
    await site.attempt(rollout.id, device!, 'succeeded');
    expect((await site.devices(rollout))[0]).toMatchObject({
      state: 'failed',
      failures: 3,
      message: '3 attempts failed, the last one: succeeded',
    });
  });

  it('lets go of devices that go out of its reach', async () => {
    await site.addGroup('beta');
    const ids = await site.addDevices(5, { groups: ['beta'] });
    const [marked, locked, gone, moved, stays] = ids;
    const rollout = await site.create({ productDefault: false, groups: ['beta'], steps: [{ percent: 100 }] });
    await site.write([marked!], { development: 1 });
    await site.write([locked!], { desired_firmware_version: 6 });
    await site.write([gone!], { product_id: null });
    await site.store.db.deleteFrom('device_group_members').where('device_id', '=', moved!).execute();
    site.bus.publish(firmwareTargets, { productId: site.productId, deviceIds: ids });
    await site.settle();
    const left = new Map((await site.devices(rollout, 'left')).map(({ deviceId, message }) => [deviceId, message]));
    expect(left).toEqual(
      new Map([
        [marked, 'It is marked as development'],
        [locked, 'It is locked to a version'],
        [gone, 'It is not in the product any more'],
        [moved, 'It is in none of the groups any more'],
      ]),
    );
    await site.runs([stays!], 7);
    expect((await site.find(rollout)).state).toBe('completed');
  });

  it('offers nothing while it is paused, keeps what devices took, and goes on', async () => {
    const ids = await site.addDevices(10);
    await site.release(6);
    const rollout = await site.create({ steps: HALVES, pauseMinutes: 30, deadlineMinutes: 60 });
    const [one, ...others] = await site.ids(rollout);
    await site.elapse(minutes(50));
    await pauseRollout(site.ctx, site.bus, rollout.id);
    await site.settle();
    expect(await site.find(rollout)).toMatchObject({ state: 'paused', message: 'Paused by ann@example.net' });
    expect(await site.targets(ids)).toEqual(Array(10).fill(6));
    await site.runs([one!], 7);
    expect(await site.targets([one!])).toEqual([7]);
    await site.elapse(days(3));
    await site.restart();
    expect(await site.counts(rollout)).toMatchObject({ offered: 4, succeeded: 1 });
    await resumeRollout(site.ctx, site.bus, rollout.id);
    await site.elapse(minutes(59));
    expect(await site.counts(rollout)).toMatchObject({ offered: 4, failed: 0 });
    await site.runs(others, 7);
    expect((await site.find(rollout)).state).toBe('waiting');
    await pauseRollout(site.ctx, site.bus, rollout.id);
    await site.elapse(minutes(45));
    expect((await site.find(rollout)).step).toBe(0);
    await resumeRollout(site.ctx, site.bus, rollout.id);
    await site.settle();
    expect(await site.find(rollout)).toMatchObject({ state: 'running', step: 1 });
    expect(await site.kinds(rollout)).toEqual([
      ...['created', 'offered', 'paused', 'resumed', 'waiting', 'paused', 'resumed', 'next_step', 'offered'],
    ]);
  });

  it('leaves devices on the version when it is aborted, and nobody else', async () => {
    const ids = await site.addDevices(10);
    await site.release(6);
    const rollout = await site.create({ steps: HALVES });
    const [one, ...others] = await site.ids(rollout);
    await site.runs([one!], 7);
    await abortRollout(site.ctx, site.bus, rollout.id);
    await site.settle();
    expect(await site.targets([one!])).toEqual([7]);
    expect(await site.targets(others)).toEqual(Array(4).fill(6));
    await site.elapse(days(5));
    expect(await site.find(rollout)).toMatchObject({ state: 'aborted', message: 'Aborted by ann@example.net' });
    // Another one may begin then.
    expect((await site.create()).id).not.toBe(rollout.id);
    expect(ids).toHaveLength(10);
  });

  it('is rolled back to what is released, at the next handshake or at once', async () => {
    const ids = await site.addDevices(4);
    await site.release(6);
    await site.elapse(1000);
    const finish = async (immediate: boolean) => {
      const rollout = await site.create({ steps: [{ count: 2 }, { percent: 100 }] });
      await site.runs(await site.ids(rollout), 7);
      const handshake = clock.now();
      await site.elapse(1000);
      // Unlocked meanwhile, say.
      await site.write(ids, { last_handshake_at: handshake, retargeted_at: clock.now() - 1 });
      const { takenBack } = await rollBackRollout(site.ctx, site.bus, rollout.id, { to: 'release', immediate });
      expect(takenBack).toMatchObject({ devices: 2, backTo: [{ version: 6, devices: 2 }], staying: 0 });
      expect(takenBack.text).toMatch(/^2 devices are of version 7 to get version 6\. The application /);
      expect(await site.targets(ids)).toEqual(Array(4).fill(6));
      const rows = site.store.db.selectFrom('devices').select('retargeted_at').where('firmware_version', '=', 7);
      const times = (await rows.execute()).map(({ retargeted_at }) => retargeted_at);
      await site.write(ids, { firmware_version: 6, retargeted_at: 0 });
      return times.map((time) => (time === handshake ? 'at once' : time));
    };
    expect(await finish(false)).toEqual([clock.now(), clock.now()]);
    expect(await finish(true)).toEqual(['at once', 'at once']);
  });

  it('says that devices keep running it when nothing else is released', async () => {
    await site.addDevices(3);
    const rollout = await site.create({ steps: [{ count: 1 }, { percent: 100 }] });
    await site.runs(await site.ids(rollout), 7);
    const { takenBack } = await rollBackRollout(site.ctx, site.bus, rollout.id, { to: 'release', immediate: false });
    expect(takenBack).toMatchObject({ devices: 1, backTo: [], staying: 1 });
    expect(takenBack.text).toMatch(/^1 device is to keep running version 7: there is nothing else to send them/);
  });

  it('is rolled back to a version, also when it is completed', async () => {
    const ids = await site.addDevices(3);
    const rollout = await site.create({ steps: [{ percent: 100 }] });
    await site.runs(ids, 7);
    const back = (to: 'release' | number) =>
      rollBackRollout(site.ctx, site.bus, rollout.id, { to, immediate: to !== 'release' });
    await expect(back('release')).rejects.toMatchObject({ code: 'rollout.wrong_state' });
    await expect(back(7)).rejects.toMatchObject({ code: 'rollout.invalid' });
    await expect(back(8)).rejects.toMatchObject({ code: 'firmware.never_ran' });
    await expect(back(5)).rejects.toMatchObject({ code: 'firmware.archived' });
    await expect(back(4)).rejects.toMatchObject({ code: 'firmware.not_found' });
    expect((await site.find(rollout)).state).toBe('completed');
    const { takenBack } = await back(6);
    expect(takenBack).toMatchObject({ devices: 3, backTo: [{ version: 6, devices: 3 }], staying: 0 });
    expect(await site.targets(ids)).toEqual([6, 6, 6]);
    expect(await site.store.db.selectFrom('firmware_releases').selectAll().execute()).toMatchObject([
      { version: 6, immediate: 1, group_name: '' },
    ]);
    await expect(back(6)).rejects.toMatchObject({ code: 'rollout.wrong_state' });
  });

  it('refuses what its state does not allow', async () => {
    await site.addDevices(3);
    const { id } = await site.create();
    const refused = { code: 'rollout.wrong_state', kind: 'conflict' };
    await expect(resumeRollout(site.ctx, site.bus, id)).rejects.toMatchObject(refused);
    await pauseRollout(site.ctx, site.bus, id);
    await expect(pauseRollout(site.ctx, site.bus, id)).rejects.toMatchObject(refused);
    await abortRollout(site.ctx, site.bus, id);
    for (const control of [abortRollout, pauseRollout, resumeRollout]) {
      await expect(control(site.ctx, site.bus, id)).rejects.toMatchObject(refused);
    }
    await expect(abortRollout(site.ctx, site.bus, '0'.repeat(24))).rejects.toMatchObject({ code: 'rollout.not_found' });
    const foreign = { ...site.ctx, product: { ...site.ctx.product, id: site.productId + 1 } };
    await expect(abortRollout(foreign, site.bus, id)).rejects.toMatchObject({ code: 'rollout.not_found' });
    await expect(getRollout(foreign, id)).rejects.toMatchObject({ code: 'rollout.not_found' });
  });

  it('is refused for versions that cannot be released, groups that there are not, and beside another one', async () => {
    await site.addGroup('beta');
    await site.release(8, 'beta');
    const refuse = (code: string) => expect.objectContaining({ code });
    await expect(site.create({ version: 4 })).rejects.toEqual(refuse('firmware.not_found'));
    await expect(site.create({ version: 5 })).rejects.toEqual(refuse('firmware.archived'));
    await expect(site.create({ version: 8 })).rejects.toEqual(refuse('firmware.never_ran'));
    await expect(site.create({ groups: ['delta'] })).rejects.toMatchObject({
      message: expect.stringMatching(/^groups: .*delta/),
    });
    const steps = [{ percent: 1 }, { groups: ['beta', 'delta'] }];
    await expect(site.create({ steps })).rejects.toMatchObject({
      message: expect.stringMatching(/^steps\.1\.groups: /),
    });
    await expect(site.create({ groups: ['beta'] })).rejects.toMatchObject({
      message: expect.stringMatching(/^Version 8 is released to the group beta/),
    });
    expect((await listRollouts(site.ctx, { limit: 10 })).rollouts).toEqual([]);
    await site.addDevices(2);
    const both = await Promise.allSettled([site.create(), site.create()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(site.create()).rejects.toEqual(refuse('rollout.under_way'));
    expect((await listRollouts(site.ctx, { limit: 10 })).rollouts).toHaveLength(1);
  });

  it('goes on where a killed server was', async () => {
    const ids = await site.addDevices(900);
    await site.release(6);
    const rollout = await site.create({ steps: HALVES, failureThresholdPercent: 100 });
    const chosen = await site.ids(rollout);
    expect(chosen).toHaveLength(450);
    // Killed while it chose the devices of the step.
    await site.runner.close();
    const lost = chosen.filter((_, number) => number % 3 === 0);
    await site.store.db.deleteFrom('rollout_devices').where('device_id', 'in', lost).execute();
    await site.store.db.updateTable('rollouts').set({ step_started_at: null }).execute();
    await site.restart();
    expect(await site.ids(rollout)).toEqual(chosen);
    expect((await site.find(rollout)).stepStartedAt).toBe(clock.now());
    // Killed before it noted what became of some.
    const [ran, failed, locked, ...rest] = chosen;
    await site.runner.close();
    await site.write([ran!], { firmware_product_id: site.productId, firmware_version: 7 });
    for (let time = 0; time < 3; time++) await site.attempt(rollout.id, failed!, 'refused', false);
    await site.write([locked!], { desired_firmware_version: 6 });
    await site.restart();
    expect(await site.counts(rollout)).toEqual({ offered: 447, succeeded: 1, failed: 1, left: 1 });
    // Killed before the last device of the step, and while the pause was over.
    await site.runs(rest.slice(1), 7);
    await site.runner.close();
    await site.write(rest.slice(0, 1), { firmware_product_id: site.productId, firmware_version: 7 });
    await site.restart();
    expect((await site.find(rollout)).state).toBe('waiting');
    await site.runner.close();
    await site.elapse(hours(2));
    await site.restart();
    expect(await site.find(rollout)).toMatchObject({ state: 'running', step: 1 });
    expect(await site.counts(rollout)).toEqual({ offered: 450, succeeded: 448, failed: 1, left: 1 });
    expect(ids).toHaveLength(900);
  });

  it('does not wait after a step that finds no device', async () => {
    await site.addDevices(2);
    const rollout = await site.create({ steps: [{ percent: 50 }, { count: 1 }, { percent: 100 }] });
    await site.runs(await site.ids(rollout), 7);
    expect((await site.find(rollout)).state).toBe('waiting');
    await site.elapse(hours(1));
    expect(await site.find(rollout)).toMatchObject({ state: 'running', step: 2 });
  });

  it('ends with its product', async () => {
    await site.addDevices(2);
    const rollout = await site.create();
    await site.store.db.deleteFrom('rollouts').where('id', '=', rollout.id).execute();
    await site.store.db.deleteFrom('products').execute();
    await site.elapse(days(2));
    expect(clock.pending).toBe(0);
    expect(await site.counts(rollout)).toMatchObject({ offered: 1 });
  });
});
