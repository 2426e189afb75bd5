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
