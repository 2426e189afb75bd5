import { type MemberTarget, type Releases, resolveTarget } from '../releases/index.ts';
import type { Rollout } from './rollout.ts';

/** Whether a rollout reaches a member of its product, or why it doesn't. */
export type Reach = 'reached' | 'outside' | 'development' | 'locked' | 'otherRelease';

/**
 * @param at when the device is offered the version (ms UTC): what was released later wins
 */
export function reachOf(
  { facts }: Pick<MemberTarget, 'facts'>,
  { id, version, scope, settings }: Pick<Rollout, 'id' | 'version' | 'scope' | 'settings'>,
  releases: Releases,
  at: number,
): Reach {
  const isInScope = scope.productDefault || facts.groups.some((name) => scope.groups.includes(name));
  if (!isInScope) return 'outside';
  if (facts.development) return 'development';
  if (facts.lockedTo !== null) return 'locked';
  const rollout = { id, version, at, immediate: settings.immediate, ...scope };
  return resolveTarget({ ...facts, rollout }, releases)?.rolloutId === id ? 'reached' : 'otherRelease';
}

/** What the API says of a device that has left a rollout. */
export const LEFT_FOR: Readonly<Record<Exclude<Reach, 'reached'> | 'gone', string>> = {
  gone: 'It is not in the product any more',
  outside: 'It is in none of the groups any more',
  development: 'It is marked as development',
  locked: 'It is locked to a version',
  otherRelease: 'Another release to one of its groups or to all devices wins',
};
