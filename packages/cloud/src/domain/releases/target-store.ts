import type { DeviceId } from '@cloudchamber/kernel';
import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { runningVersion } from '../devices/index.ts';
import type { Releases, RolloutFact, RunningFirmware, TargetFacts } from './resolve-target.ts';

/** A device of a product, with what decides about its firmware. */
export interface MemberTarget extends RunningFirmware {
  readonly id: DeviceId;
  readonly productId: number;
  readonly facts: TargetFacts;
}

const COLUMNS = [
  'id',
  'product_id',
  'firmware_product_id',
  'firmware_version',
  'development',
  'desired_firmware_version',
  'flash_now',
  'retargeted_at',
  'last_handshake_at',
] as const;

type Row = Pick<Tables['devices'], Exclude<(typeof COLUMNS)[number], 'flash_now' | 'retargeted_at'>> & {
  readonly flash_now: number;
  readonly retargeted_at: number;
};

/** Those of the devices that are in a product, in no order. At most a few hundred ids. */
export async function findTargetFacts(
  db: Kysely<Tables>,
  deviceIds: readonly DeviceId[],
): Promise<Map<DeviceId, MemberTarget>> {
  if (deviceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('devices')
    .select(COLUMNS)
    .where('id', 'in', deviceIds)
    .where('product_id', 'is not', null)
    .execute();
  return new Map((await membersOf(db, rows)).map((member) => [member.id, member]));
}

/** The members of a product whose ids come after `after`, in the order of their ids. @param limit a few hundred at most */
export async function pageOfMembers(
  db: Kysely<Tables>,
  productId: number,
  after: DeviceId | undefined,
  limit: number,
): Promise<MemberTarget[]> {
  const rows = await db
    .selectFrom('devices')
    .select(COLUMNS)
    .where('product_id', '=', productId)
    .where('id', '>', after ?? '')
    .orderBy('id')
    .limit(limit)
    .execute();
  return membersOf(db, rows);
}

/** What a product releases now. */
export async function findReleases(db: Kysely<Tables>, productId: number): Promise<Releases> {
  const rows = await db
    .selectFrom('firmware_releases')
    .select(['group_name', 'version', 'released_at', 'immediate'])
    .where('product_id', '=', productId)
    .execute();
  return new Map(
    rows.map(({ group_name, version, released_at, immediate }) => [
      group_name,
      { version, releasedAt: released_at, immediate: immediate === 1 },
    ]),
  );
}

async function membersOf(db: Kysely<Tables>, rows: readonly Row[]): Promise<MemberTarget[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const groups = await findGroupsOf(db, rows);
  const rollouts = await findRolloutsOf(db, ids);
  return rows.flatMap((row) => {
    if (row.product_id === null) return [];
    const facts = {
      development: row.development === 1,
      lockedTo: row.desired_firmware_version,
      flashNow: row.flash_now === 1,
      groups: groups.get(row.id) ?? [],
      rollout: rollouts.get(row.id) ?? null,
      retargetedAt: row.retargeted_at,
    };
    return {
      id: row.id as DeviceId,
      productId: row.product_id,
      running: runningVersion({
        productId: row.product_id,
        firmwareProductId: row.firmware_product_id,
        firmwareVersion: row.firmware_version,
      }),
      lastHandshakeAt: row.last_handshake_at,
      facts,
    };
  });
}

async function findGroupsOf(db: Kysely<Tables>, devices: readonly Row[]): Promise<Map<string, string[]>> {
  const products = new Map(devices.map(({ id, product_id }) => [id, product_id]));
  // By device alone: joined with its product, SQLite walks all members of all groups of that for each device.
  const rows = await db
    .selectFrom('device_group_members')
    .select(['product_id', 'device_id', 'name'])
    .where('device_id', 'in', [...products.keys()])
    .orderBy('name')
    .execute();
  const groups = new Map<string, string[]>();
  for (const { product_id, device_id, name } of rows) {
    if (products.get(device_id) !== product_id) continue;
    groups.set(device_id, [...(groups.get(device_id) ?? []), name]);
  }
  return groups;
}

/** What rollouts have put devices on: of several the newest. */
async function findRolloutsOf(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, RolloutFact>> {
  const rows = await db
    .selectFrom('rollout_devices as row')
    .innerJoin('rollouts as rollout', 'rollout.id', 'row.rollout_id')
    .innerJoin('devices', (join) =>
      join.onRef('devices.id', '=', 'row.device_id').onRef('devices.product_id', '=', 'rollout.product_id'),
    )
    .select(['row.device_id', 'row.offered_at', 'rollout.id', 'rollout.version', 'rollout.scope', 'rollout.settings'])
    .where('row.device_id', 'in', ids)
    .where(countsForTargets)
    .orderBy('rollout.created_at')
    .orderBy('rollout.id')
    .execute();
  return new Map(
    rows.map(({ device_id, offered_at, id, version, scope, settings }) => {
      const { productDefault, groups } = JSON.parse(scope) as Pick<RolloutFact, 'productDefault' | 'groups'>;
      const { immediate = false } = JSON.parse(settings) as { readonly immediate?: boolean };
      return [device_id, { id, version, at: offered_at, immediate, productDefault, groups }];
    }),
  );
}

type RolloutTables = { row: Tables['rollout_devices']; rollout: Tables['rollouts'] };

/** A device stays on what a rollout gave it, unless that was taken back or has become a release; it is offered it while the rollout goes on. */
function countsForTargets(where: ExpressionBuilder<RolloutTables, 'row' | 'rollout'>) {
  return where.or([
    where.and([where('row.state', '=', 'succeeded'), where('rollout.state', 'not in', ['rolled_back', 'completed'])]),
    where.and([where('row.state', '=', 'offered'), where('rollout.state', 'in', ['running', 'waiting'])]),
  ]);
}
