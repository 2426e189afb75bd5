import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDue, type Release, type Releases, resolveTarget, type Target, type TargetFacts } from './resolve-target.ts';

const plain: TargetFacts = {
  development: false,
  lockedTo: null,
  flashNow: false,
  groups: [],
  rollout: null,
  retargetedAt: 0,
};
const release = (version: number, releasedAt = 100, immediate = false): Release => ({ version, releasedAt, immediate });
const rollout = { id: 'r', version: 9, at: 200, immediate: false, productDefault: true, groups: [] as string[] };
const releases = (named: Record<string, Release>): Releases => new Map(Object.entries(named));

describe('resolveTarget', () => {
  const all = releases({ '': release(3), a: release(5), b: release(4) });

  it('gives a member of no group the default, and nothing where there is none', () => {
    expect(resolveTarget(plain, all)).toEqual({ version: 3, reason: 'release', since: 100, immediate: false });
    expect(resolveTarget({ ...plain, groups: ['c'] }, all)?.version).toBe(3);
    expect(resolveTarget({ ...plain, groups: ['c'] }, releases({ a: release(5) }))).toBeNull();
    expect(resolveTarget(plain, releases({}))).toBeNull();
  });

  it('takes the highest version of its groups, also when the default is higher', () => {
    expect(resolveTarget({ ...plain, groups: ['b', 'a'] }, all)?.version).toBe(5);
    expect(resolveTarget({ ...plain, groups: ['b'] }, releases({ '': release(8), b: release(4) }))?.version).toBe(4);
  });

  it('lets the lock win, and the development mark over the lock', () => {
    const locked = { ...plain, lockedTo: 1, groups: ['a'], retargetedAt: 50 };
    expect(resolveTarget(locked, all)).toEqual({ version: 1, reason: 'lock', since: 50, immediate: false });
    expect(resolveTarget({ ...locked, flashNow: true }, all)?.immediate).toBe(true);
    expect(resolveTarget({ ...locked, development: true }, all)).toBeNull();
  });

  it('lets a rollout stand for a release to its default or its groups', () => {
    const target = { version: 9, reason: 'rollout', rolloutId: 'r', since: 200, immediate: false };
    expect(resolveTarget({ ...plain, rollout }, all)).toEqual(target);
    expect(resolveTarget({ ...plain, rollout, groups: ['b'] }, all)?.version).toBe(4);
    const ofGroup = { ...rollout, version: 2, productDefault: false, groups: ['a'] };
    expect(resolveTarget({ ...plain, rollout: ofGroup }, all)?.version).toBe(3);
    expect(resolveTarget({ ...plain, rollout: ofGroup, groups: ['a'] }, all)?.version).toBe(2);
    expect(resolveTarget({ ...plain, rollout: ofGroup, groups: ['a', 'b'] }, all)?.version).toBe(4);
  });

  it('leaves a rollout for what was released there after it', () => {
    const later = releases({ '': release(4, 201) });
    expect(resolveTarget({ ...plain, rollout }, later)).toMatchObject({ version: 4, reason: 'release' });
  });

  it('waits for the handshake after the release or the last change of the device', () => {
    const immediate = releases({ '': release(3, 100, true) });
    expect(resolveTarget({ ...plain, retargetedAt: 99 }, immediate)).toMatchObject({ since: 100, immediate: true });
    expect(resolveTarget({ ...plain, retargetedAt: 100 }, immediate)).toMatchObject({ since: 100, immediate: true });
    expect(resolveTarget({ ...plain, retargetedAt: 101 }, immediate)).toMatchObject({ since: 101, immediate: false });
  });

  it('goes by the earliest of several releases of the same version', () => {
    const twice = releases({ a: release(5, 300, true), b: release(5, 200) });
    expect(resolveTarget({ ...plain, groups: ['a', 'b'] }, twice)).toMatchObject({ since: 200, immediate: true });
  });
});

describe('isDue', () => {
  const target: Target = { version: 3, reason: 'release', since: 100, immediate: false };
  it.each([
    ['one that runs it', { running: 3, lastHandshakeAt: 500 }, false],
    ['one whose session began before', { running: 2, lastHandshakeAt: 99 }, false],
    ['one whose session began in that moment', { running: 2, lastHandshakeAt: 100 }, true],
    ['one with other firmware', { running: null, lastHandshakeAt: 101 }, true],
    ['one that never connected', { running: null, lastHandshakeAt: null }, false],
  ])('for %s', (_who, device, expected) => {
    expect(isDue(target, device)).toBe(expected);
  });

  it('does not wait for what is immediate', () => {
    expect(isDue({ ...target, immediate: true }, { running: 2, lastHandshakeAt: 1 })).toBe(true);
  });
});

describe('any device of any product', () => {
  const names = ['', 'a', 'b', 'c'];
  const times = fc.integer({ min: 0, max: 6 });
  const versions = fc.integer({ min: 1, max: 4 });
  const anyRelease = fc.record({ version: versions, releasedAt: times, immediate: fc.boolean() });
  const anyReleases = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), anyRelease), { selector: ([name]) => name });
  const anyGroups = fc.subarray(['a', 'b', 'c']);
  const anyFacts: fc.Arbitrary<TargetFacts> = fc.record({
    development: fc.boolean(),
    lockedTo: fc.option(versions),
    flashNow: fc.boolean(),
    groups: anyGroups,
    rollout: fc.option(
      fc.record({
        id: fc.constant('r'),
        version: versions,
        at: times,
        immediate: fc.boolean(),
        productDefault: fc.boolean(),
        groups: anyGroups,
      }),
    ),
    retargetedAt: times,
  });

  it('has the target that the rules say', () => {
    fc.assert(
      fc.property(anyFacts, anyReleases, (facts, released) => {
        expect(resolveTarget(facts, new Map(released))).toEqual(byTheRules(facts, released));
      }),
      { numRuns: 2000 },
    );
  });

  /** The rules one after the other over a flat list of what is released where. */
  function byTheRules(facts: TargetFacts, released: readonly (readonly [string, Release])[]): Target | null {
    if (facts.development) return null;
    if (facts.lockedTo !== null) {
      return { version: facts.lockedTo, reason: 'lock', since: facts.retargetedAt, immediate: facts.flashNow };
    }
    const list: { place: string; version: number; at: number; now: boolean; rollout?: string }[] = [];
    for (const [place, { version, releasedAt, immediate }] of released) {
      list.push({ place, version, at: releasedAt, now: immediate });
    }
    const put = facts.rollout;
    if (put !== null) {
      const places = put.productDefault ? ['', ...put.groups] : put.groups;
      for (const place of places) {
        const before = list.findIndex((one) => one.place === place);
        if (before !== -1 && (list[before]?.at ?? 0) > put.at) continue;
        if (before !== -1) list.splice(before, 1);
        list.push({ place, version: put.version, at: put.at, now: put.immediate, rollout: put.id });
      }
    }
    const mine = list.filter((one) => one.place !== '' && facts.groups.includes(one.place));
    const eligible = mine.length > 0 ? mine : list.filter((one) => one.place === '');
    const [best] = eligible.sort((one, other) => other.version - one.version || one.at - other.at);
    if (best === undefined) return null;
    const alike = eligible.filter((one) => one.version === best.version);
    const isOfRollout = alike.some((one) => one.rollout !== undefined);
    return {
      version: best.version,
      reason: isOfRollout ? 'rollout' : 'release',
      ...(isOfRollout && { rolloutId: 'r' }),
      since: Math.max(best.at, facts.retargetedAt),
      immediate: alike.filter((one) => one.now).some((one) => !(one.at < facts.retargetedAt)),
    };
  }
});
