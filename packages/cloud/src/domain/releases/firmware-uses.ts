import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { FirmwareVersion } from './firmware-version.ts';
import { findLocked } from './firmware-version-store.ts';
import { findRolloutsOf } from './release-store.ts';
import { findReleases } from './target-store.ts';

/** Locked devices that are named. */
const MOST_NAMED = 5;

/**
 * What stands against taking a version away, in words: releases, rollouts and locks.
 * @param when `ever`: what it was released to counts, and rollouts that have ended
 */
export async function usesOf(
  db: Kysely<Tables>,
  { productId, version, firstReleasedAt }: FirmwareVersion,
  when: 'now' | 'ever',
): Promise<string[]> {
  const releases = [...(await findReleases(db, productId))].filter(([, release]) => release.version === version);
  const names = releases.map(([name]) => (name === '' ? 'the product default' : `the group ${name}`));
  const rollouts = (await findRolloutsOf(db, productId, version)).filter(
    ({ state }) => when === 'ever' || !['completed', 'rolled_back'].includes(state),
  );
  const locked = await findLocked(db, productId, version, MOST_NAMED + 1);
  const more = locked.length > MOST_NAMED ? ' and others' : '';
  return [
    ...(names.length > 0 ? [`it is released to ${names.join(', ')}`] : []),
    ...(names.length === 0 && when === 'ever' && firstReleasedAt !== null ? ['it was released before'] : []),
    ...rollouts.map(({ id, state }) => `rollout ${id} of it is ${state}`),
    ...(locked.length > 0 ? [`locked to it: ${locked.slice(0, MOST_NAMED).join(', ')}${more}`] : []),
  ];
}
