import type { DeviceId } from '@cloudchamber/kernel';
import { type Expression, type ExpressionBuilder, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { contains } from '../../store/contains.ts';
import type { Tables } from '../../store/tables.ts';
import type { Device } from './device.ts';
import { type DeviceChanges, deviceOf } from './device-store.ts';
import { isGroupName } from './groups/group.ts';
import { runsFirmwareOf } from './runs-firmware-of.ts';

export interface ProductDeviceFilter {
  /** Parts of these, in any case. */
  readonly deviceId?: string | undefined;
  readonly deviceName?: string | undefined;
  readonly serialNumber?: string | undefined;
  /** A part of any of these three, in any case. */
  readonly search?: string | undefined;
  /** Members that run this version of the product's firmware; null: none of it. */
  readonly firmwareVersion?: number | null | undefined;
  /** Only members that are marked as development, or only those that aren't. */
  readonly development?: boolean | undefined;
  /** Only devices that are in one of these. */
  readonly groups?: readonly string[] | undefined;
  /** Only the quarantine, or only members. */
  readonly quarantined?: boolean | undefined;
  /** Only these. At most a few thousand ids. */
  readonly among?: readonly DeviceId[] | undefined;
}

export interface ProductDeviceOrder {
  readonly by: 'deviceName' | 'deviceId' | 'firmwareVersion' | 'lastConnection';
  readonly direction: 'asc' | 'desc';
}

/** A device as a product sees it. */
export interface ListedDevice {
  readonly device: Device;
  readonly quarantined: boolean;
  readonly denied: boolean;
}

/** What leaves with a device that leaves its product. */
const OUTSIDE = {
  product_id: null,
  joined_product_at: null,
  development: 0,
  desired_firmware_version: null,
  flash_now: 0,
} as const satisfies DeviceChanges;

/** One page of the devices of a product and of its quarantine. @param page from 1 */
export async function findProductDevices(
  db: Kysely<Tables>,
  productId: number,
  filter: ProductDeviceFilter,
  order: ProductDeviceOrder,
  page: { readonly number: number; readonly size: number },
): Promise<ListedDevice[]> {
  const rows = await filtered(db, productId, filter)
    .leftJoin('quarantined_devices', (join) =>
      join
        .onRef('quarantined_devices.device_id', '=', 'devices.id')
        .on('quarantined_devices.product_id', '=', productId),
    )
    .selectAll('devices')
    .select('quarantined_devices.denied')
    .orderBy(orderings(productId)[order.by], order.direction)
    .orderBy('devices.id')
    .limit(page.size)
    .offset((page.number - 1) * page.size)
    .execute();
  return rows.map(({ denied, ...row }) => {
    const quarantined = row.product_id !== productId;
    return { device: deviceOf(row), quarantined, denied: quarantined && denied === 1 };
  });
}

/** The ids of all devices of a product and of its quarantine that pass the filter, in that order. */
export async function findProductDeviceIds(
  db: Kysely<Tables>,
  productId: number,
  filter: ProductDeviceFilter,
  order: ProductDeviceOrder,
): Promise<DeviceId[]> {
  const rows = await filtered(db, productId, filter)
    .select('devices.id')
    .orderBy(orderings(productId)[order.by], order.direction)
    .orderBy('devices.id')
    .execute();
  return rows.map((row) => row.id as DeviceId);
}

export async function countProductDevices(
  db: Kysely<Tables>,
  productId: number,
  filter: ProductDeviceFilter,
): Promise<number> {
  const { devices } = await filtered(db, productId, filter)
    .select((row) => row.fn.countAll<number>().as('devices'))
    .executeTakeFirstOrThrow();
  return Number(devices);
}

/** Which of the ids are devices of the product. At most a few thousand ids. */
export async function findMembersOf(
  db: Kysely<Tables>,
  productId: number,
  ids: readonly DeviceId[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('devices')
    .select('id')
    .where('product_id', '=', productId)
    .where('id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** Changes a device while it is in the product. @returns false when it isn't any more. */
export async function changeMember(
  db: Kysely<Tables>,
  productId: number,
  id: DeviceId,
  changes: DeviceChanges,
): Promise<boolean> {
  const changed = await db
    .updateTable('devices')
    .set(changes)
    .where('id', '=', id)
    .where('product_id', '=', productId)
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

export interface Joining {
  readonly productId: number;
  /** Where the devices are until now. */
  readonly from: number | null;
  /** Who may own them, beside nobody. */
  readonly ownerIds: readonly string[];
  readonly at: number;
}

/**
 * Makes devices members that are still where and whose they were when that was judged. At most a few thousand devices.
 * @returns those that have joined.
 */
export async function joinProduct(
  db: Kysely<Tables>,
  ids: readonly DeviceId[],
  { productId, from, ownerIds, at }: Joining,
): Promise<DeviceId[]> {
  const rows = await db
    .updateTable('devices')
    .set({ ...OUTSIDE, product_id: productId, joined_product_at: at, retargeted_at: at, updated_at: at })
    .where('id', 'in', ids)
    .where('product_id', from === null ? 'is' : '=', from)
    .where((row) => {
      const nobodys = row('owner_id', 'is', null);
      return ownerIds.length === 0 ? nobodys : row.or([nobodys, row('owner_id', 'in', ownerIds)]);
    })
    // The product may have been deleted meanwhile.
    .where((row) => row.exists(row.selectFrom('products').select('id').where('products.id', '=', productId)))
    .returning('id')
    .execute();
  return rows.map((row) => row.id as DeviceId);
}

/** What follows from the groups that the members have now waits for their next handshakes. At most a few thousand devices. */
export async function retargetMembers(
  db: Kysely<Tables>,
  productId: number,
  ids: readonly string[],
  at: number,
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('devices')
    .set({ retargeted_at: at })
    .where('id', 'in', ids)
    .where('product_id', '=', productId)
    .execute();
}

/** @returns false when the device wasn't in the product. */
export async function leaveProduct(db: Kysely<Tables>, productId: number, id: DeviceId, at: number): Promise<boolean> {
  return changeMember(db, productId, id, { ...OUTSIDE, updated_at: at });
}

/** Takes every device out of a product that ends. @returns their ids. */
export async function emptyProduct(db: Kysely<Tables>, productId: number): Promise<DeviceId[]> {
  const rows = await db
    .updateTable('devices')
    .set(OUTSIDE)
    .where('product_id', '=', productId)
    .returning('id')
    .execute();
  return rows.map((row) => row.id as DeviceId);
}

/** Makes those of the devices that nobody owns the account's. At most a few thousand devices. @returns those that it got. */
export async function claimUnowned(
  db: Kysely<Tables>,
  ids: readonly DeviceId[],
  ownerId: string,
  at: number,
): Promise<DeviceId[]> {
  const rows = await db
    .updateTable('devices')
    .set({ owner_id: ownerId, claimed_at: at, updated_at: at })
    .where('id', 'in', ids)
    .where('owner_id', 'is', null)
    .returning('id')
    .execute();
  return rows.map((row) => row.id as DeviceId);
}

/** Devices by what is printed on them. At most a few thousand texts. */
export async function findByLabel(
  db: Kysely<Tables>,
  column: 'serial_number' | 'imei' | 'iccid',
  texts: readonly string[],
): Promise<Device[]> {
  const rows = await db.selectFrom('devices').selectAll().where(column, 'in', texts).execute();
  return rows.map(deviceOf);
}

/** The devices of a product and of its quarantine that pass the filter. */
function filtered(db: Kysely<Tables>, productId: number, filter: ProductDeviceFilter) {
  return db.selectFrom('devices').where((row) => {
    const { deviceId, deviceName, serialNumber, search, groups, among } = filter;
    const { firmwareVersion, development } = filter;
    const isMember = row('devices.product_id', '=', productId);
    const conditions: Expression<SqlBool>[] = [belonging(db, productId, filter.quarantined)(row)];
    if (deviceId) conditions.push(contains(sql.ref('devices.id'), deviceId));
    if (deviceName) conditions.push(contains(shownName(productId), deviceName));
    if (serialNumber) conditions.push(contains(sql.ref('devices.serial_number'), serialNumber));
    if (search) {
      const texts = [sql.ref('devices.id'), shownName(productId), sql.ref('devices.serial_number')];
      conditions.push(row.or(texts.map((text) => contains(text, search))));
    }
    if (groups !== undefined && groups.length > 0) conditions.push(inGroups(db, productId, groups));
    if (among !== undefined) conditions.push(row('devices.id', 'in', among));
    if (firmwareVersion !== undefined) conditions.push(isMember, runs(productId, firmwareVersion)(row));
    if (development !== undefined) conditions.push(isMember, row('devices.development', '=', development ? 1 : 0));
    return row.and(conditions);
  });
}

/** Members, the quarantine, or both. Asked for members alone, the index of the product's devices serves; the other way round it is that of the quarantine. */
function belonging(db: Kysely<Tables>, productId: number, quarantined: boolean | undefined) {
  const members = db.selectFrom('devices as members').select('members.id').where('members.product_id', '=', productId);
  const waiting = db
    .selectFrom('quarantined_devices as waiting')
    .select('waiting.device_id as id')
    .where('waiting.product_id', '=', productId);
  return (row: ExpressionBuilder<Tables, 'devices'>): Expression<SqlBool> => {
    if (quarantined === false) return row('devices.product_id', '=', productId);
    if (quarantined === undefined) return row('devices.id', 'in', members.unionAll(waiting));
    const isElsewhere = row.or([row('devices.product_id', 'is', null), row('devices.product_id', '!=', productId)]);
    return row.and([row('devices.id', 'in', waiting), isElsewhere]);
  };
}

/** As `runningVersion`. */
function runs(productId: number, version: number | null) {
  return (row: ExpressionBuilder<Tables, 'devices'>): Expression<SqlBool> => {
    const isOurs = runsFirmwareOf(productId)(row);
    if (version !== null) return row.and([isOurs, row('devices.firmware_version', '=', version)]);
    return row.or([row.not(isOurs), row('devices.firmware_version', 'is', null)]);
  };
}

function inGroups(db: Kysely<Tables>, productId: number, names: readonly string[]): RawBuilder<SqlBool> {
  const wanted = names.filter(isGroupName);
  if (wanted.length === 0) return sql<SqlBool>`1 = 0`;
  const members = db
    .selectFrom('device_group_members as grouped')
    .select('grouped.device_id')
    .where('grouped.product_id', '=', productId)
    .where('grouped.name', 'in', wanted);
  return sql<SqlBool>`devices.id in (${members})`;
}

/** A quarantined device may be somebody else's: the product doesn't learn what its owner calls it. */
function shownName(productId: number): RawBuilder<string> {
  return sql<string>`case when devices.product_id = ${productId} then devices.name else 'device-' || substr(devices.id, 19) end`;
}

function orderings(productId: number): Readonly<Record<ProductDeviceOrder['by'], Expression<unknown>>> {
  return {
    deviceId: sql.ref('devices.id'),
    deviceName: sql`lower(${shownName(productId)})`,
    firmwareVersion: sql`coalesce(devices.firmware_version, -1)`,
    lastConnection: sql`coalesce(devices.last_handshake_at, 0)`,
  };
}
