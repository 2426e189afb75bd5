import type { Context } from '../context.ts';
import { requireOperator } from '../devices/index.ts';
import type { FirmwareBlobs } from './firmware-blobs.ts';
import { moduleNotFound } from './module-errors.ts';
import { findModule, findModules, type LibraryModule } from './module-store.ts';

/** Every module of the library, or those of one platform, by platform and place, the newest version of each first. @throws DomainError `operator_only` */
export async function listModules(ctx: Context, platformId: number | undefined): Promise<LibraryModule[]> {
  requireOperator(ctx);
  return findModules(ctx.store.db, platformId);
}

/** @throws DomainError `operator_only`, `firmware_module.not_found` */
export async function getModule(ctx: Context, id: string): Promise<LibraryModule> {
  requireOperator(ctx);
  const module = await findModule(ctx.store.db, id);
  if (module === undefined) throw moduleNotFound();
  return module;
}

/** The module with its bytes, as they were uploaded. @throws DomainError as `getModule` */
export async function readModuleBytes(
  ctx: Context,
  blobs: FirmwareBlobs,
  id: string,
): Promise<{ readonly module: LibraryModule; readonly bytes: Uint8Array }> {
  const module = await getModule(ctx, id);
  const bytes = await blobs.get(module.hash);
  if (bytes === undefined) throw moduleNotFound();
  return { module, bytes };
}
