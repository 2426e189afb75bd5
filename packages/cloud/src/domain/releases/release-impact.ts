import type { DeviceId } from '@cloudchamber/kernel';
import type { ProductContext } from '../products/index.ts';
import { firmwareNotFound } from './firmware-errors.ts';
import { parseVersion } from './firmware-fields.ts';
import { findVersion } from './firmware-version-store.ts';
import { requireGroups } from './require-releasable.ts';
import { type Releases, resolveTarget } from './resolve-target.ts';
import { findReleases, type MemberTarget, pageOfMembers } from './target-store.ts';

export interface ReleaseImpactInput {
  readonly version: string | number | undefined;
  readonly productDefault: boolean;
  readonly groups: readonly string[];
}

/** Devices that a release would update, by the version that they run now. */
export interface ReleaseImpact {
  readonly total: number;
  /** `version` is null for firmware that is not the product's. In the order of versions. */
  readonly byVersion: readonly { readonly version: number | null; readonly total: number }[];
}

const MEMBERS_A_PAGE = 500;

/**
 * How many devices would get an update as a direct result of a release (OTA-10): those whose target becomes another one, which they don't run yet. Nothing changes.
 * @throws DomainError `firmware.invalid`, `firmware.not_found`, `firmware.group_not_found`
 */
export async function releaseImpact(ctx: ProductContext, input: ReleaseImpactInput): Promise<ReleaseImpact> {
  const { store, product } = ctx;
  const version = parseVersion(input.version);
  if ((await findVersion(store.db, product.id, version)) === undefined) throw firmwareNotFound(version);
  await requireGroups(store.db, product.id, input.groups);
  const releases = await findReleases(store.db, product.id);
  const proposed = withRelease(releases, version, input, ctx.clock.now());
  const counts = new Map<number | null, number>();
  let after: DeviceId | undefined;
  for (;;) {
    const members = await pageOfMembers(store.history, product.id, after, MEMBERS_A_PAGE);
    for (const member of members) {
      if (gets(member, releases, proposed)) counts.set(member.running, (counts.get(member.running) ?? 0) + 1);
    }
    if (members.length < MEMBERS_A_PAGE) break;
    after = members.at(-1)?.id;
  }
  const byVersion = [...counts].map(([running, total]) => ({ version: running, total }));
  return {
    total: byVersion.reduce((sum, { total }) => sum + total, 0),
    byVersion: byVersion.toSorted((one, other) => (one.version ?? 0) - (other.version ?? 0)),
  };
}

function withRelease(
  releases: Releases,
  version: number,
  { productDefault, groups }: Omit<ReleaseImpactInput, 'version'>,
  at: number,
): Releases {
  const others = [...releases].filter(([, release]) => release.version !== version);
  const names = [...(productDefault ? [''] : []), ...groups];
  return new Map([...others, ...names.map((name) => [name, { version, releasedAt: at, immediate: false }] as const)]);
}

function gets({ facts, running }: MemberTarget, before: Releases, after: Releases): boolean {
  const target = resolveTarget(facts, after)?.version;
  return target !== undefined && target !== running && target !== resolveTarget(facts, before)?.version;
}
