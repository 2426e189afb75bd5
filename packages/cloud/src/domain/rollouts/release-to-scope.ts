import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { findReleases, type ReleaseToWrite, writeRelease } from '../releases/index.ts';
import type { Rollout } from './rollout.ts';
import { findGroupsNamed } from './rollout-store.ts';

/** The name under which `Releases` has the product's default. */
const DEFAULT = '';

/**
 * Releases a version to the scope of a rollout, without taking it from whom it is released to already. Call it behind the product's lock.
 * @returns false when the scope's groups are gone and there is nobody else to release it to.
 */
export async function releaseToScope(
  db: Kysely<Tables>,
  { productId, scope }: Pick<Rollout, 'productId' | 'scope'>,
  release: Pick<ReleaseToWrite, 'version' | 'immediate' | 'by' | 'at'>,
): Promise<boolean> {
  const present = await findGroupsNamed(db, productId, scope.groups);
  if (!scope.productDefault && present.size === 0) return false;
  const same = [...(await findReleases(db, productId))].filter(([, { version }]) => version === release.version);
  const names = same.map(([name]) => name);
  const groups = [...new Set([...present, ...names.filter((name) => name !== DEFAULT)])];
  const productDefault = scope.productDefault || names.includes(DEFAULT);
  await writeRelease(db, { ...release, productId, productDefault, groups });
  return true;
}
