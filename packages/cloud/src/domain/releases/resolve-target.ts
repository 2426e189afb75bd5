/** What decides which firmware of its product a member should run. Times are ms UTC. */
export interface TargetFacts {
  /** The product sends it nothing by itself (OTA-20). */
  readonly development: boolean;
  /** The version that it is locked to (OTA-12). */
  readonly lockedTo: number | null;
  /** Its lock doesn't wait for a handshake (OTA-13). */
  readonly flashNow: boolean;
  readonly groups: readonly string[];
  readonly rollout: RolloutFact | null;
  /** Since when it has the lock, groups and membership that it has. */
  readonly retargetedAt: number;
}

/** What a rollout has put a device on. */
export interface RolloutFact {
  readonly id: string;
  readonly version: number;
  /** When the device was offered it. */
  readonly at: number;
  readonly immediate: boolean;
  /** Whom it is for in the end: the product's default, groups, or both. */
  readonly productDefault: boolean;
  readonly groups: readonly string[];
}

/** A version that is released to a group or as the default. */
export interface Release {
  readonly version: number;
  readonly releasedAt: number;
  /** Devices that are online don't wait for their next handshake. */
  readonly immediate: boolean;
}

/** What a product releases: by the name of the group; '' is the default. */
export type Releases = ReadonlyMap<string, Release>;

/** What a device should run, and from when on it is sent that. */
export interface Target {
  readonly version: number;
  readonly reason: 'lock' | 'release' | 'rollout';
  readonly rolloutId?: string;
  /** It is sent in sessions that began then or later (ms UTC)… */
  readonly since: number;
  /** …or at once. */
  readonly immediate: boolean;
}

/** What a member runs, and since when it is connected. */
export interface RunningFirmware {
  /** The version of its product's firmware; null for any other firmware. */
  readonly running: number | null;
  /** ms UTC; null for a device that never connected. */
  readonly lastHandshakeAt: number | null;
}

/** The name under which `Releases` has the product's default. */
const DEFAULT = '';

type Candidate = Release & { readonly rolloutId?: string };

/**
 * What a member of a product should run (OTA-16 to OTA-20): nothing by itself when it is marked as development; what it is locked to; the highest version
 * that is released to one of its groups; the product's default. A rollout that has reached the device stands for a release to the
 * rollout's groups and default, unless something was released there after it.
 */
export function resolveTarget(facts: TargetFacts, releases: Releases): Target | null {
  const { development, lockedTo, flashNow, groups, retargetedAt } = facts;
  if (development) return null;
  if (lockedTo !== null) return { version: lockedTo, reason: 'lock', since: retargetedAt, immediate: flashNow };
  const ofGroups = groups.flatMap((name) => candidateOf(name, facts, releases) ?? []);
  const ofDefault = candidateOf(DEFAULT, facts, releases);
  const candidates = ofGroups.length > 0 || ofDefault === undefined ? ofGroups : [ofDefault];
  if (candidates.length === 0) return null;
  const version = Math.max(...candidates.map((candidate) => candidate.version));
  const same = candidates.filter((candidate) => candidate.version === version);
  const rolloutId = same.find((candidate) => candidate.rolloutId !== undefined)?.rolloutId;
  return {
    version,
    ...(rolloutId === undefined ? { reason: 'release' } : { reason: 'rollout', rolloutId }),
    since: Math.max(retargetedAt, Math.min(...same.map(({ releasedAt }) => releasedAt))),
    immediate: same.some((candidate) => candidate.immediate && candidate.releasedAt >= retargetedAt),
  };
}

/** Does a member get its target now, if it is online? A session that began in the very millisecond counts: a device joins its product in its Hello. */
export function isDue(target: Target, { running, lastHandshakeAt }: RunningFirmware): boolean {
  if (running === target.version || lastHandshakeAt === null) return false;
  return target.immediate || lastHandshakeAt >= target.since;
}

function candidateOf(name: string, { rollout }: TargetFacts, releases: Releases): Candidate | undefined {
  const release = releases.get(name);
  if (rollout === null || (release !== undefined && release.releasedAt > rollout.at)) return release;
  const reaches = name === DEFAULT ? rollout.productDefault : rollout.groups.includes(name);
  if (!reaches) return release;
  const { id, version, at, immediate } = rollout;
  return { version, releasedAt: at, immediate, rolloutId: id };
}
