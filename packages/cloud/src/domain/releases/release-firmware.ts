import type { Bus } from '../../bus/index.ts';
import { subjectIdOf } from '../accounts/index.ts';
import { firmwareTargets, holdProduct } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { announceFirmware } from './announce-firmware.ts';
import { firmwareNotFound, invalidFirmware, rolloutUnderWay } from './firmware-errors.ts';
import { parseVersion } from './firmware-fields.ts';
import type { ListedFirmware } from './firmware-version.ts';
import { findVersion } from './firmware-version-store.ts';
import { withUse } from './list-firmware.ts';
import { findRolloutsOver, writeRelease } from './release-store.ts';
import { requireReleasable } from './require-releasable.ts';

export interface ReleaseFirmwareInput {
  readonly version: string | number | undefined;
  /** It is the default from now on, or not any more. */
  readonly productDefault: boolean;
  /** All groups that it is released to from now on. */
  readonly groups: readonly string[];
  /** Devices that are online and allow updates get it at once, others at their next handshake (OTA-11). */
  readonly immediate: boolean;
}

const MOST_GROUPS = 500;

/**
 * Releases a version to exactly these groups and the default (OTA-09), in place of what was released there; to neither takes its release back. Devices get it at
 * their next handshake, or at once. Tells streams by `particle/firmware/release`.
 * @throws DomainError `firmware.invalid`, `firmware.not_found`, `firmware.group_not_found`, `firmware.archived`, `firmware.never_ran`;
 *   `firmware.rollout_under_way` for devices that a rollout is about to reach. Nothing has changed then.
 */
export async function releaseFirmware(
  ctx: ProductContext,
  bus: Bus,
  input: ReleaseFirmwareInput,
): Promise<ListedFirmware> {
  const { store, product } = ctx;
  const { productDefault, immediate } = input;
  const version = parseVersion(input.version);
  const groups = [...new Set(input.groups)];
  if (groups.length > MOST_GROUPS) throw invalidFirmware(`groups has at most ${MOST_GROUPS} names`);
  const isReleased = productDefault || groups.length > 0;
  const at = ctx.clock.now();
  const released = await store.db.transaction().execute(async (db) => {
    await holdProduct(db, product);
    const found = isReleased
      ? await requireReleasable(db, product.id, { version, groups })
      : await findVersion(db, product.id, version);
    if (found === undefined) throw firmwareNotFound(version);
    const before = await withUse(db, found);
    const [rollout] = await findRolloutsOver(db, product.id, {
      productDefault: productDefault || before.isDefault,
      groups: [...groups, ...before.groups],
    });
    if (rollout !== undefined) throw rolloutUnderWay(rollout);
    const by = subjectIdOf(ctx.actor);
    await writeRelease(db, { productId: product.id, version, productDefault, groups, immediate, by, at });
    return withUse(db, (await findVersion(db, product.id, version)) ?? found);
  });
  bus.publish(firmwareTargets, { productId: product.id });
  ctx.log.info({ product: product.id, version, productDefault, groups, immediate }, 'firmware released');
  if (isReleased) {
    const data = { immediate, version };
    await announceFirmware(ctx, bus, product.id, { name: 'particle/firmware/release', data });
  }
  return released;
}
