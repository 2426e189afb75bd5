import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { resolveTarget } from './resolve-target.ts';
import { findReleases, findTargetFacts } from './target-store.ts';

/**
 * The version that releases and rollouts of the product give each device, whatever it is locked to; absent where there is none, as for development devices
 * and those in quarantine. At most a few thousand ids.
 */
export async function targetedVersions(
  db: Kysely<Tables>,
  productId: number,
  deviceIds: readonly DeviceId[],
): Promise<ReadonlyMap<DeviceId, number>> {
  if (deviceIds.length === 0) return new Map();
  const [members, releases] = await Promise.all([findTargetFacts(db, deviceIds), findReleases(db, productId)]);
  const versions = new Map<DeviceId, number>();
  for (const [id, member] of members) {
    if (member.productId !== productId) continue;
    const target = resolveTarget({ ...member.facts, lockedTo: null }, releases);
    if (target !== null) versions.set(id, target.version);
  }
  return versions;
}
