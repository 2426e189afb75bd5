import type { ModuleDependency } from '@cloudchamber/wire';
import type { Kysely, Selectable } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { FirmwareModuleRow } from '../../store/tables/firmware-updates.ts';

/** A module that the operator has uploaded. Its bytes are the blob `hash`. */
export interface LibraryModule {
  /** 24 hex digits. */
  readonly id: string;
  /** Of a known application; empty for a part of Device OS. */
  readonly name: string;
  readonly hash: string;
  readonly platformId: number;
  /** `ModuleFunction`. */
  readonly function: number;
  readonly index: number;
  readonly version: number;
  readonly dependencies: readonly ModuleDependency[];
  /** Bytes of the file. */
  readonly size: number;
  /** The account. */
  readonly uploadedBy: string;
  /** ms UTC */
  readonly uploadedAt: number;
}

/** The parts of Device OS in the library for a platform, in no order. */
export async function findModulesFor(db: Kysely<Tables>, platformId: number): Promise<LibraryModule[]> {
  const rows = await db
    .selectFrom('firmware_modules')
    .selectAll()
    .where('platform_id', '=', platformId)
    .where('name', '=', '')
    .execute();
  return rows.map(moduleOf);
}

/** All modules, or those of a platform: by platform and place, the newest version of each first. */
export async function findModules(db: Kysely<Tables>, platformId: number | undefined): Promise<LibraryModule[]> {
  const rows = await db
    .selectFrom('firmware_modules')
    .selectAll()
    .$if(platformId !== undefined, (query) => query.where('platform_id', '=', platformId ?? 0))
    .orderBy('platform_id')
    .orderBy('name')
    .orderBy('function')
    .orderBy('module_index')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(moduleOf);
}

export async function findModule(db: Kysely<Tables>, id: string): Promise<LibraryModule | undefined> {
  const row = await db.selectFrom('firmware_modules').selectAll().where('id', '=', id).executeTakeFirst();
  return row && moduleOf(row);
}

/** The application of that name for a platform. */
export async function findApplication(
  db: Kysely<Tables>,
  platformId: number,
  name: string,
): Promise<LibraryModule | undefined> {
  const row = await db
    .selectFrom('firmware_modules')
    .selectAll()
    .where('platform_id', '=', platformId)
    .where('name', '=', name)
    .where('name', '!=', '')
    .executeTakeFirst();
  return row && moduleOf(row);
}

/** At most `limit` names of the applications for a platform, in the order of the alphabet. */
export async function findApplicationNames(db: Kysely<Tables>, platformId: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('firmware_modules')
    .select('name')
    .where('platform_id', '=', platformId)
    .where('name', '!=', '')
    .orderBy('name')
    .limit(limit)
    .execute();
  return rows.map(({ name }) => name);
}

/** What the library has where `module` would go: the same part in the same version, or the application of that name. */
export async function findModuleInPlace(db: Kysely<Tables>, module: LibraryModule): Promise<LibraryModule | undefined> {
  if (module.name !== '') return findApplication(db, module.platformId, module.name);
  const row = await db
    .selectFrom('firmware_modules')
    .selectAll()
    .where('platform_id', '=', module.platformId)
    .where('function', '=', module.function)
    .where('module_index', '=', module.index)
    .where('version', '=', module.version)
    .where('name', '=', '')
    .executeTakeFirst();
  return row && moduleOf(row);
}

export async function countModules(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom('firmware_modules')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertModule(db: Kysely<Tables>, module: LibraryModule): Promise<void> {
  await db
    .insertInto('firmware_modules')
    .values({
      id: module.id,
      name: module.name,
      hash: module.hash,
      uploaded_by: module.uploadedBy,
      dependencies: JSON.stringify(module.dependencies),
      platform_id: module.platformId,
      function: module.function,
      module_index: module.index,
      version: module.version,
      size: module.size,
      uploaded_at: module.uploadedAt,
    })
    .execute();
}

/** @returns false when there is no such module */
export async function deleteModule(db: Kysely<Tables>, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('firmware_modules').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

function moduleOf(row: Selectable<FirmwareModuleRow>): LibraryModule {
  return {
    id: row.id,
    name: row.name,
    hash: row.hash,
    platformId: row.platform_id,
    function: row.function,
    index: row.module_index,
    version: row.version,
    // Written by this file only.
    dependencies: JSON.parse(row.dependencies) as ModuleDependency[],
    size: row.size,
    uploadedBy: row.uploaded_by,
    uploadedAt: row.uploaded_at,
  };
}
