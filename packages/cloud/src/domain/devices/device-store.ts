import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely, Selectable, Updateable } from 'kysely';
import { sql } from 'kysely';
import { keyedRead } from '../../store/index.ts';
import type { DeviceRow } from '../../store/tables/devices.ts';
import type { Tables } from '../../store/tables.ts';
import type { Device } from './device.ts';

/** A device that is about to be known. */
export interface NewDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly platformId: number;
  readonly publicKey: Uint8Array | null;
  readonly ownerId: string | null;
  /** ms UTC */
  readonly at: number;
}

export type DeviceChanges = Updateable<Omit<DeviceRow, 'id' | 'created_at'>>;

/** Pairs per statement: two parameters each, well under the 32,766 of SQLite and the 65,535 of PostgreSQL. */
const HEARD_PER_STATEMENT = 5000;

const deviceById = keyedRead((db, id: string) => db.selectFrom('devices').selectAll().where('id', '=', id));

export async function findDevice(db: Kysely<Tables>, id: DeviceId): Promise<Device | undefined> {
  const [row] = await deviceById(db, id);
  return row && deviceOf(row);
}

/** Those of the devices that there are, in no order. */
export async function findDevices(db: Kysely<Tables>, ids: readonly DeviceId[]): Promise<Device[]> {
  const rows = await db.selectFrom('devices').selectAll().where('id', 'in', ids).execute();
  return rows.map(deviceOf);
}

/** The user's device of that exact name; of several the one that connected last. */
export async function findDeviceByName(db: Kysely<Tables>, ownerId: string, name: string): Promise<Device | undefined> {
  const row = await db
    .selectFrom('devices')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('name', '=', name)
    .orderBy(sql`coalesce(last_handshake_at, 0)`, 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row && deviceOf(row);
}

/** Newest handshake first, as the Cloud API sorts its list. */
export async function findDevicesOf(db: Kysely<Tables>, ownerId: string): Promise<Device[]> {
  const rows = await db
    .selectFrom('devices')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .orderBy(sql`coalesce(last_handshake_at, 0)`, 'desc')
    .orderBy('id')
    .execute();
  return rows.map(deviceOf);
}

/** @returns false when the id is already known; nothing is changed then. */
export async function insertDevice(db: Kysely<Tables>, device: NewDevice): Promise<boolean> {
  const result = await db
    .insertInto('devices')
    .values({
      id: device.id,
      name: device.name,
      owner_id: device.ownerId,
      product_id: null,
      platform_id: device.platformId,
      firmware_version: null,
      system_version: null,
      public_key: device.publicKey,
      notes: null,
      functions: null,
      variables: null,
      system_describe: null,
      safe_mode: 0,
      updates_enabled: null,
      updates_forced: 0,
      last_heard: null,
      last_handshake_at: null,
      last_ip: null,
      serial_number: null,
      iccid: null,
      imei: null,
      claimed_at: device.ownerId === null ? null : device.at,
      firmware_product_id: null,
      development: 0,
      desired_firmware_version: null,
      joined_product_at: null,
      created_at: device.at,
      updated_at: device.at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return result !== undefined;
}

export async function changeDevice(db: Kysely<Tables>, id: DeviceId, changes: DeviceChanges): Promise<void> {
  await db.updateTable('devices').set(changes).where('id', '=', id).execute();
}

/**
 * Changes the owner when it still is `from`, so that of two claims at once one wins.
 * @returns false when it is no longer.
 */
export async function changeOwner(
  db: Kysely<Tables>,
  id: DeviceId,
  from: string | null,
  to: string | null,
  at: number,
): Promise<boolean> {
  const changed = await db
    .updateTable('devices')
    .set({ owner_id: to, claimed_at: to === null ? null : at, updated_at: at })
    .where('id', '=', id)
    .where('owner_id', from === null ? 'is' : '=', from)
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** Writes `last_heard` of many devices in few statements. */
export async function saveLastHeard(db: Kysely<Tables>, heard: ReadonlyMap<DeviceId, number>): Promise<void> {
  const pairs = [...heard];
  for (let at = 0; at < pairs.length; at += HEARD_PER_STATEMENT) {
    const values = sql.join(
      pairs.slice(at, at + HEARD_PER_STATEMENT).map(([id, time]) => sql`(${id}, ${String(time)})`),
    );
    // Both engines call the columns of a VALUES list column1 and column2.
    await sql`update devices set last_heard = cast(heard.column2 as bigint) from (values ${values}) as heard where devices.id = heard.column1`.execute(
      db,
    );
  }
}

export function deviceOf(row: Selectable<DeviceRow>): Device {
  return {
    id: row.id as DeviceId,
    name: row.name,
    ownerId: row.owner_id,
    productId: row.product_id,
    platformId: row.platform_id,
    firmwareVersion: row.firmware_version,
    systemVersion: row.system_version,
    publicKey: row.public_key,
    notes: row.notes,
    functions: row.functions === null ? null : (JSON.parse(row.functions) as Device['functions']),
    variables: row.variables === null ? null : (JSON.parse(row.variables) as Device['variables']),
    systemDescribe: row.system_describe,
    safeMode: row.safe_mode === 1,
    updatesEnabled: row.updates_enabled === null ? null : row.updates_enabled === 1,
    updatesForced: row.updates_forced === 1,
    lastHeard: row.last_heard,
    lastHandshakeAt: row.last_handshake_at,
    lastIp: row.last_ip,
    serialNumber: row.serial_number,
    iccid: row.iccid,
    imei: row.imei,
    claimedAt: row.claimed_at,
    firmwareProductId: row.firmware_product_id,
    development: row.development === 1,
    desiredFirmwareVersion: row.desired_firmware_version,
    updatedAt: row.updated_at,
  };
}
