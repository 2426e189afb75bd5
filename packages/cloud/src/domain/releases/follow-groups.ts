import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/index.ts';
import { firmwareTargets, type GroupFollower } from '../devices/index.ts';
import { groupInRollout } from './firmware-errors.ts';
import {
  deleteReleasesTo,
  findRolloutsNaming,
  renameInRollouts,
  renameReleases,
  retargetGroup,
} from './release-store.ts';

/**
 * Releases follow the groups that they are for: they take a new name over, and end with a group, whose devices then count as retargeted.
 * A group of a rollout that has not ended stays as it is: `firmware.group_in_rollout`.
 */
export function releasesFollowGroups(bus: Bus): GroupFollower {
  const refuseInRollout = async (db: Kysely<Tables>, productId: number, name: string): Promise<void> => {
    const [rollout] = await findRolloutsNaming(db, productId, name);
    if (rollout !== undefined) throw groupInRollout(name, rollout);
  };
  return {
    async renaming(db, { productId, name }, to) {
      await refuseInRollout(db, productId, name);
      await renameReleases(db, productId, name, to);
      await renameInRollouts(db, productId, name, to);
    },
    async removing(db, { productId, name }, at) {
      await refuseInRollout(db, productId, name);
      await retargetGroup(db, productId, name, at);
      await deleteReleasesTo(db, productId, name);
      return () => bus.publish(firmwareTargets, { productId });
    },
  };
}
