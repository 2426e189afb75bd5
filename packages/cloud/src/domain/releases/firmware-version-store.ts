import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { runsFirmwareOf } from '../devices/index.ts';
import type { FirmwareVersion } from './firmware-version.ts';

type VersionTable = Tables['product_firmware'];

export async function findVersion(
  db: Kysely<Tables>,
  productId: number,
  version: number,
): Promise<FirmwareVersion | undefined> {
  const row = await db
    .selectFrom('product_firmware')
    .selectAll()
    .where('product_id', '=', productId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && versionOf(row);
}

/** The newest version first. @param withArchived false leaves those out that are archived */
export async function findVersions(
  db: Kysely<Tables>,
  productId: number,
  withArchived: boolean,
): Promise<FirmwareVersion[]> {
  const all = db.selectFrom('product_firmware').selectAll().where('product_id', '=', productId);
  const query = withArchived ? all : all.where('archived_at', 'is', null);
  const rows = await query.orderBy('version', 'desc').execute();
  return rows.map(versionOf);
}

export async function countVersions(db: Kysely<Tables>, productId: number): Promise<number> {
  const { versions } = await db
    .selectFrom('product_firmware')
    .select((row) => row.fn.countAll<number>().as('versions'))
    .where('product_id', '=', productId)
    .executeTakeFirstOrThrow();
  return Number(versions);
}

/** @returns the version of the product that has the title, or undefined. */
export async function findTitle(db: Kysely<Tables>, productId: number, title: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('product_firmware')
    .select('version')
    .where('product_id', '=', productId)
    .where('title', '=', title)
    .executeTakeFirst();
  return row?.version;
}

export async function insertVersion(db: Kysely<Tables>, row: Insertable<VersionTable>): Promise<FirmwareVersion> {
  return versionOf(await db.insertInto('product_firmware').values(row).returningAll().executeTakeFirstOrThrow());
}

/** @returns the version as it is then, or undefined when there is none. */
export async function changeVersion(
  db: Kysely<Tables>,
  { productId, version }: Pick<FirmwareVersion, 'productId' | 'version'>,
  changes: Updateable<Omit<VersionTable, 'id' | 'product_id' | 'version'>>,
): Promise<FirmwareVersion | undefined> {
  const row = await db
    .updateTable('product_firmware')
    .set(changes)
    .where('product_id', '=', productId)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  return row && versionOf(row);
}

export async function deleteVersion(db: Kysely<Tables>, productId: number, version: number): Promise<void> {
  await db.deleteFrom('product_firmware').where('product_id', '=', productId).where('version', '=', version).execute();
}

/** Notes the first Hello of a device with the version; a later one changes nothing. */
export async function noteFirstRun(db: Kysely<Tables>, productId: number, version: number, at: number): Promise<void> {
  await db
    .updateTable('product_firmware')
    .set({ first_run_at: at })
    .where('product_id', '=', productId)
    .where('version', '=', version)
    .where('first_run_at', 'is', null)
    .execute();
}

/** How many devices of the product run each version of its firmware. @param version only this one */
export async function countRunning(
  db: Kysely<Tables>,
  productId: number,
  version?: number,
): Promise<ReadonlyMap<number, number>> {
  const all = db
    .selectFrom('devices')
    .select((row) => ['firmware_version', row.fn.countAll<number>().as('devices')])
    .where('product_id', '=', productId)
    .where(runsFirmwareOf(productId));
  const query = version === undefined ? all : all.where('firmware_version', '=', version);
  const rows = await query.groupBy('firmware_version').execute();
  return new Map(
    rows.flatMap(({ firmware_version, devices }) =>
      firmware_version === null ? [] : [[firmware_version, Number(devices)] as const],
    ),
  );
}

/** Devices of the product that are locked to the version, in order. */
export async function findLocked(
  db: Kysely<Tables>,
  productId: number,
  version: number,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('devices')
    .select('id')
    .where('product_id', '=', productId)
    .where('desired_firmware_version', '=', version)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

function versionOf(row: Selectable<VersionTable>): FirmwareVersion {
  return {
    id: row.id,
    productId: row.product_id,
    version: row.version,
    title: row.title,
    description: row.description,
    mandatory: row.mandatory === 1,
    fileName: row.file_name,
    size: row.size,
    fileHash: row.file_hash,
    kind: row.kind,
    applicationHash: row.application_hash,
    uploadedBy: row.uploaded_by,
    uploaderName: row.uploader_name,
    uploadedAt: row.uploaded_at,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
    firstRunAt: row.first_run_at,
    firstReleasedAt: row.first_released_at,
  };
}
