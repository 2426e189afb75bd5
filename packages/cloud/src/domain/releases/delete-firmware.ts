import type { Bus } from '../../bus/index.ts';
import { holdProduct } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { firmwareInUse, firmwareNotFound } from './firmware-errors.ts';
import { toVersion } from './firmware-fields.ts';
import { firmwareVersions } from './firmware-topic.ts';
import { usesOf } from './firmware-uses.ts';
import { deleteVersion, findVersion } from './firmware-version-store.ts';

/**
 * Deletes a version that was never released (OTA-07); its number is free again.
 * @param version as the path has it
 * @throws DomainError `firmware.not_found`; `firmware.in_use` when it was released, a device is locked to it or a rollout had it
 */
export async function deleteFirmware(ctx: ProductContext, bus: Bus, version: string): Promise<void> {
  const { product, store } = ctx;
  const number = toVersion(version);
  if (number === undefined) throw firmwareNotFound(version);
  await store.db.transaction().execute(async (db) => {
    await holdProduct(db, product);
    const found = await findVersion(db, product.id, number);
    if (found === undefined) throw firmwareNotFound(number);
    const uses = await usesOf(db, found, 'ever');
    if (uses.length > 0) throw firmwareInUse(`Version ${number} cannot be deleted: ${uses.join('; ')}`);
    await deleteVersion(db, product.id, number);
  });
  bus.publish(firmwareVersions, { productId: product.id, version: number });
  ctx.log.info({ product: product.id, version: number }, 'firmware deleted');
}
