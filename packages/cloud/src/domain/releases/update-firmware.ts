import { holdProduct } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { firmwareInUse, firmwareNotFound, invalidFirmware, titleTaken } from './firmware-errors.ts';
import { parseDescription, parseTitle, toVersion } from './firmware-fields.ts';
import { usesOf } from './firmware-uses.ts';
import type { ListedFirmware } from './firmware-version.ts';
import { changeVersion, findTitle, findVersion } from './firmware-version-store.ts';
import { withUse } from './list-firmware.ts';

/** What is absent stays as it is. */
export interface UpdateFirmwareInput {
  /** As the path has it. */
  readonly version: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mandatory?: boolean | undefined;
  /** An archived version is not in the list and cannot be released or locked to. */
  readonly archived?: boolean | undefined;
}

/**
 * Changes what is said of a version (OTA-06), or archives it.
 * @throws DomainError `firmware.not_found`, `firmware.invalid`, `firmware.title_taken`; `firmware.in_use` when it is to be archived while devices should run it
 */
export async function updateFirmware(ctx: ProductContext, input: UpdateFirmwareInput): Promise<ListedFirmware> {
  const { product, store } = ctx;
  const { title, description, mandatory, archived } = input;
  const at = ctx.clock.now();
  const changes = {
    ...(title !== undefined && { title: parseTitle(title) }),
    ...(description !== undefined && { description: parseDescription(description) }),
    ...(mandatory !== undefined && { mandatory: mandatory ? 1 : 0 }),
    ...(archived !== undefined && { archived_at: archived ? at : null }),
  };
  if (Object.keys(changes).length === 0) {
    throw invalidFirmware('Nothing to change: send title, description, mandatory or archived');
  }
  const version = toVersion(input.version);
  if (version === undefined) throw firmwareNotFound(input.version);
  return store.db.transaction().execute(async (db) => {
    await holdProduct(db, product);
    const before = await findVersion(db, product.id, version);
    if (before === undefined) throw firmwareNotFound(version);
    if (changes.title !== undefined) {
      const namesake = await findTitle(db, product.id, changes.title);
      if (namesake !== undefined && namesake !== version) throw titleTaken(changes.title, namesake);
    }
    if (archived) {
      const uses = await usesOf(db, before, 'now');
      if (uses.length > 0) throw firmwareInUse(`Version ${version} cannot be archived: ${uses.join('; ')}`);
    }
    const keepsArchive = archived === true && before.archivedAt !== null && { archived_at: before.archivedAt };
    const changed = await changeVersion(db, before, { ...changes, ...keepsArchive, updated_at: at });
    if (changed === undefined) throw firmwareNotFound(version);
    return withUse(db, changed);
  });
}
