import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { RolloutDeviceRow } from '../../store/tables/fleets.ts';
import type { Tables } from '../../store/tables.ts';
import { NO_COUNTS, type Rollout, type RolloutCounts, type RolloutDeviceState } from './rollout.ts';

/** A device that a step has reached. Times are ms UTC. */
export interface RolloutDevice {
  readonly deviceId: DeviceId;
  readonly state: RolloutDeviceState;
  /** From 0. */
  readonly step: number;
  readonly offeredAt: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** What it ran before; null for no firmware of the product. */
  readonly fromVersion: number | null;
  readonly endedAt: number | null;
  readonly message: string | null;
}

/** A device that a step reaches. */
export interface Offer {
  readonly deviceId: DeviceId;
  readonly step: number;
  readonly at: number;
  readonly fromVersion: number | null;
  /** It runs the version already. */
  readonly runsIt: boolean;
}

/** Why a device is offered the version no more. */
export interface Decision {
  readonly state: 'failed' | 'left';
  readonly at: number;
  readonly message: string;
}

/** Adds those of the devices that are not there yet. At most a few hundred. */
export async function insertOffers(db: Kysely<Tables>, rolloutId: string, offers: readonly Offer[]): Promise<void> {
  if (offers.length === 0) return;
  await db
    .insertInto('rollout_devices')
    .values(
      offers.map(({ deviceId, step, at, fromVersion, runsIt }) => ({
        rollout_id: rolloutId,
        device_id: deviceId,
        state: runsIt ? ('succeeded' as const) : ('offered' as const),
        step,
        offered_at: at,
        failures: 0,
        from_version: fromVersion,
        ended_at: runsIt ? at : null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['rollout_id', 'device_id']).doNothing())
    .execute();
}

/** Which of the devices the rollout has reached, also those that have left it. At most a few hundred ids. */
export async function findReached(
  db: Kysely<Tables>,
  rolloutId: string,
  deviceIds: readonly DeviceId[],
): Promise<Set<string>> {
  if (deviceIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('rollout_devices')
    .select('device_id')
    .where('rollout_id', '=', rolloutId)
    .where('device_id', 'in', deviceIds)
    .execute();
  return new Set(rows.map((row) => row.device_id));
}

/** The counts of each step that has any devices, by the number of the step. */
export type StepCounts = ReadonlyMap<number, RolloutCounts>;

/** Of each of the rollouts. At most a few dozen. */
export async function countSteps(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, StepCounts>> {
  const counts = new Map(ids.map((id) => [id, new Map<number, RolloutCounts>()]));
  if (ids.length === 0) return counts;
  const rows = await db
    .selectFrom('rollout_devices')
    .select((row) => ['rollout_id', 'step', 'state', row.fn.countAll<number>().as('count')])
    .where('rollout_id', 'in', ids)
    .groupBy(['rollout_id', 'step', 'state'])
    .execute();
  for (const { rollout_id, step, state, count } of rows) {
    const steps = counts.get(rollout_id);
    steps?.set(step, { ...(steps.get(step) ?? NO_COUNTS), [state]: Number(count) });
  }
  return counts;
}

/** @param unforgivenAfter only failures after this time count (ms UTC) */
export async function countDevices(
  db: Kysely<Tables>,
  rolloutId: string,
  unforgivenAfter: number | null = null,
): Promise<RolloutCounts> {
  const all = db
    .selectFrom('rollout_devices')
    .select((row) => ['state', row.fn.countAll<number>().as('count')])
    .where('rollout_id', '=', rolloutId);
  const query =
    unforgivenAfter === null
      ? all
      : all.where((row) => row.or([row('state', '!=', 'failed'), row('ended_at', '>', unforgivenAfter)]));
  const rows = await query.groupBy('state').execute();
  return { ...NO_COUNTS, ...Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])) };
}

/** A step of a rollout. */
type StepKey = Pick<Rollout, 'id' | 'step'>;

/** When the first device of the step that waits was offered the version (ms UTC); undefined when none waits. */
export async function firstOffer(db: Kysely<Tables>, { id, step }: StepKey): Promise<number | undefined> {
  const row = await db
    .selectFrom('rollout_devices')
    .select('offered_at')
    .where('rollout_id', '=', id)
    .where('step', '=', step)
    .where('state', '=', 'offered')
    .orderBy('offered_at')
    .limit(1)
    .executeTakeFirst();
  return row?.offered_at;
}

/** Devices of the step that wait and were offered the version at `before` or earlier (ms UTC), in the order of that. */
export async function findOfferedBefore(
  db: Kysely<Tables>,
  { id, step }: StepKey,
  before: number,
  limit: number,
): Promise<RolloutDevice[]> {
  const rows = await db
    .selectFrom('rollout_devices')
    .selectAll()
    .where('rollout_id', '=', id)
    .where('step', '=', step)
    .where('state', '=', 'offered')
    .where('offered_at', '<=', before)
    .orderBy('offered_at')
    .limit(limit)
    .execute();
  return rows.map(deviceOf);
}

/** Those of the devices that wait. At most a few hundred ids. */
export async function findOffered(
  db: Kysely<Tables>,
  rolloutId: string,
  deviceIds: readonly DeviceId[],
): Promise<RolloutDevice[]> {
  if (deviceIds.length === 0) return [];
  const rows = await db
    .selectFrom('rollout_devices')
    .selectAll()
    .where('rollout_id', '=', rolloutId)
    .where('device_id', 'in', deviceIds)
    .where('state', '=', 'offered')
    .execute();
  return rows.map(deviceOf);
}

/** Devices by their ids. @param state only those in it */
export async function pageOfDevices(
  db: Kysely<Tables>,
  rolloutId: string,
  state: RolloutDeviceState | undefined,
  after: string | undefined,
  limit: number,
): Promise<RolloutDevice[]> {
  const all = db
    .selectFrom('rollout_devices')
    .selectAll()
    .where('rollout_id', '=', rolloutId)
    .where('device_id', '>', after ?? '');
  const query = state === undefined ? all : all.where('state', '=', state);
  const rows = await query.orderBy('device_id').limit(limit).execute();
  return rows.map(deviceOf);
}

/** The device runs the version: also one that counted as failed. @returns false when there was nothing to change */
export async function noteSucceeded(
  db: Kysely<Tables>,
  rolloutId: string,
  deviceId: DeviceId,
  at: number,
): Promise<boolean> {
  const changed = await db
    .updateTable('rollout_devices')
    .set({ state: 'succeeded', ended_at: at, message: null })
    .where('rollout_id', '=', rolloutId)
    .where('device_id', '=', deviceId)
    .where('state', 'in', ['offered', 'failed'])
    .returning('device_id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** Decides about those of the devices that still wait. At most a few hundred ids. */
export async function decideDevices(
  db: Kysely<Tables>,
  rolloutId: string,
  deviceIds: readonly DeviceId[],
  { state, at, message }: Decision,
): Promise<void> {
  if (deviceIds.length === 0) return;
  await db
    .updateTable('rollout_devices')
    .set({ state, ended_at: at, message })
    .where('rollout_id', '=', rolloutId)
    .where('device_id', 'in', deviceIds)
    .where('state', '=', 'offered')
    .execute();
}

export async function saveFailures(
  db: Kysely<Tables>,
  rolloutId: string,
  deviceId: DeviceId,
  failures: number,
): Promise<void> {
  await db
    .updateTable('rollout_devices')
    .set({ failures })
    .where('rollout_id', '=', rolloutId)
    .where('device_id', '=', deviceId)
    .execute();
}

/** What became of the attempts of a rollout at one device. */
export interface Attempts {
  /** Those that have ended, but for what was cancelled. */
  readonly ended: number;
  /** What the newest of them says: its message, or how it ended. */
  readonly last: string | null;
}

/** The attempts at each of the devices that had any. At most a few hundred ids. */
export async function findAttempts(
  db: Kysely<Tables>,
  rolloutId: string,
  deviceIds: readonly DeviceId[],
): Promise<Map<DeviceId, Attempts>> {
  const attempts = new Map<DeviceId, Attempts>();
  if (deviceIds.length === 0) return attempts;
  const rows = await db
    .selectFrom('firmware_updates')
    .select(['device_id', 'outcome', 'message'])
    .where('device_id', 'in', deviceIds)
    .where('rollout_id', '=', rolloutId)
    .where('ended_at', 'is not', null)
    .where('outcome', '!=', 'cancelled')
    .orderBy('created_at')
    .execute();
  for (const { device_id, outcome, message } of rows) {
    const deviceId = device_id as DeviceId;
    const ended = (attempts.get(deviceId)?.ended ?? 0) + 1;
    attempts.set(deviceId, { ended, last: message ?? outcome });
  }
  return attempts;
}

/** What is known of devices when their time is up. At most a few hundred ids. */
export async function findSigns(
  db: Kysely<Tables>,
  deviceIds: readonly DeviceId[],
): Promise<Map<DeviceId, { readonly lastHeard: number | null; readonly forbidsUpdates: boolean }>> {
  if (deviceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('devices')
    .select(['id', 'last_heard', 'updates_enabled', 'updates_forced'])
    .where('id', 'in', deviceIds)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id as DeviceId,
      { lastHeard: row.last_heard, forbidsUpdates: row.updates_enabled === 0 && row.updates_forced === 0 },
    ]),
  );
}

/**
 * Devices that run a version by a rollout wait for their next handshake before they are sent another: sets that for at most `limit` of those that were
 * retargeted before `at`. @returns how many
 */
export async function retargetSucceeded(
  db: Kysely<Tables>,
  rolloutId: string,
  at: number,
  limit: number,
): Promise<number> {
  const some = db
    .selectFrom('rollout_devices as row')
    .innerJoin('devices as device', 'device.id', 'row.device_id')
    .select('device.id')
    .where('row.rollout_id', '=', rolloutId)
    .where('row.state', '=', 'succeeded')
    .where('device.retargeted_at', '<', at)
    .limit(limit);
  const changed = await db
    .updateTable('devices')
    .set({ retargeted_at: at })
    .where('id', 'in', some)
    .returning('id')
    .execute();
  return changed.length;
}

/**
 * Devices that run a version by a rollout don't wait for another handshake before they are sent what is released to them: sets that for at most `limit` of those that
 * were retargeted after their last one. @returns how many
 */
export async function hurrySucceeded(db: Kysely<Tables>, rolloutId: string, limit: number): Promise<number> {
  const some = db
    .selectFrom('rollout_devices as row')
    .innerJoin('devices as device', 'device.id', 'row.device_id')
    .select('device.id')
    .where('row.rollout_id', '=', rolloutId)
    .where('row.state', '=', 'succeeded')
    .whereRef('device.retargeted_at', '>', 'device.last_handshake_at')
    .limit(limit);
  const changed = await db
    .updateTable('devices')
    .set((device) => ({ retargeted_at: device.fn.coalesce('last_handshake_at', device.val(0)) }))
    .where('id', 'in', some)
    .returning('id')
    .execute();
  return changed.length;
}

function deviceOf(row: RolloutDeviceRow): RolloutDevice {
  return {
    deviceId: row.device_id as DeviceId,
    state: row.state,
    step: row.step,
    offeredAt: row.offered_at,
    failures: row.failures,
    fromVersion: row.from_version,
    endedAt: row.ended_at,
    message: row.message,
  };
}
