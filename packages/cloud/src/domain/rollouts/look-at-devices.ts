import type { DeviceId } from '@cloudchamber/kernel';
import { findReleases, findTargetFacts } from '../releases/index.ts';
import { LEFT_FOR, reachOf } from './reach-of.ts';
import type { Rollout } from './rollout.ts';
import {
  decideDevices,
  findAttempts,
  findOffered,
  noteSucceeded,
  pageOfDevices,
  type RolloutDevice,
  saveFailures,
} from './rollout-device-store.ts';
import type { RolloutParts } from './rollout-parts.ts';

/** So many failed attempts are a failed device. */
const MOST_ATTEMPTS = 3;
const PAGE = 200;

/**
 * Decides about devices that wait, by what the store knows of them: one that runs the version has succeeded; one that the rollout doesn't reach any more has
 * left; one that has failed three attempts has failed. Whatever was missed while no server ran is found so.
 * @param deviceIds those to look at; all that wait when absent
 */
export async function lookAtDevices(
  parts: RolloutParts,
  rollout: Rollout,
  deviceIds?: readonly DeviceId[],
): Promise<void> {
  const { history } = parts.store;
  if (deviceIds !== undefined) {
    for (let at = 0; at < deviceIds.length; at += PAGE) {
      const waiting = await findOffered(history, rollout.id, deviceIds.slice(at, at + PAGE));
      await lookAtPage(parts, rollout, waiting);
    }
    return;
  }
  let after: string | undefined;
  do {
    const waiting = await pageOfDevices(history, rollout.id, 'offered', after, PAGE);
    await lookAtPage(parts, rollout, waiting);
    after = waiting.length < PAGE ? undefined : waiting.at(-1)?.deviceId;
  } while (after !== undefined);
}

/** @returns those of the devices that go on waiting. A few hundred at most. */
export async function lookAtPage(
  { store, clock }: RolloutParts,
  rollout: Rollout,
  waiting: readonly RolloutDevice[],
): Promise<RolloutDevice[]> {
  if (waiting.length === 0) return [];
  const { id, productId, version } = rollout;
  const ids = waiting.map(({ deviceId }) => deviceId);
  const [releases, members, attempts] = await Promise.all([
    findReleases(store.db, productId),
    findTargetFacts(store.db, ids),
    findAttempts(store.db, id, ids),
  ]);
  const at = clock.now();
  const succeeded: DeviceId[] = [];
  const failures: (readonly [DeviceId, number])[] = [];
  const decided: { readonly deviceId: DeviceId; readonly state: 'failed' | 'left'; readonly message: string }[] = [];
  const stay: RolloutDevice[] = [];
  for (const device of waiting) {
    const { deviceId, offeredAt } = device;
    const member = members.get(deviceId);
    const { ended, last } = attempts.get(deviceId) ?? { ended: device.failures, last: null };
    const reach = member?.productId === productId ? reachOf(member, rollout, releases, offeredAt) : 'gone';
    if (ended !== device.failures) failures.push([deviceId, ended]);
    if (reach !== 'gone' && member?.running === version) succeeded.push(deviceId);
    else if (reach !== 'reached') decided.push({ deviceId, state: 'left', message: LEFT_FOR[reach] });
    else if (ended < MOST_ATTEMPTS) stay.push({ ...device, failures: ended });
    else decided.push({ deviceId, state: 'failed', message: `${ended} attempts failed, the last one: ${last}` });
  }
  if (stay.length === waiting.length && failures.length === 0) return stay;
  const alike = Map.groupBy(decided, ({ state, message }) => `${state} ${message}`);
  await store.db.transaction().execute(async (db) => {
    for (const [deviceId, ended] of failures) await saveFailures(db, id, deviceId, ended);
    for (const deviceId of succeeded) await noteSucceeded(db, id, deviceId, at);
    for (const [one, ...others] of alike.values()) {
      if (one === undefined) continue;
      const ids = [one, ...others].map(({ deviceId }) => deviceId);
      await decideDevices(db, id, ids, { state: one.state, at, message: one.message });
    }
  });
  return stay;
}
