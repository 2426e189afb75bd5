import type { DeviceId } from '@cloudchamber/kernel';
import { firmwareTargets } from '../devices/index.ts';
import { findReleases, type MemberTarget, pageOfMembers, type Releases } from '../releases/index.ts';
import { changeRollout } from './change-rollout.ts';
import { bucketOf, FirstPlaces, placeOf } from './device-order.ts';
import { reachOf } from './reach-of.ts';
import type { PassedOver, Rollout, RolloutStep } from './rollout.ts';
import { countDevices, findReached, insertOffers, type Offer } from './rollout-device-store.ts';
import type { RolloutParts } from './rollout-parts.ts';
import { lockRollout } from './rollout-store.ts';

/** Members that are looked at, and devices that are offered the version, in one transaction. */
const PAGE = 400;

/** A member that the step may take. */
interface Candidate {
  readonly member: MemberTarget;
  readonly place: string;
}

/** What the first look at the members tells. */
interface Survey {
  /** Among those that the step may take. */
  readonly places: FirstPlaces;
  /** How many they are. */
  readonly candidates: number;
  readonly passedOver: PassedOver;
}

/**
 * Offers the version to the devices of the rollout's step, and notes that all of them have it. The members are looked at twice, a page at a time: for counting
 * them, and for taking the first of their random order. What a crash interrupted goes on when it is called again: devices that are in already
 * count. Ends early when the rollout is not to go on.
 */
export async function chooseStep(parts: RolloutParts, rollout: Rollout): Promise<void> {
  const { store, clock } = parts;
  const step = rollout.steps[rollout.step];
  if (step === undefined) return;
  const releases = await findReleases(store.db, rollout.productId);
  const survey = await surveyMembers(parts, rollout, step, releases);
  const { below, fromBucket } = survey.places.first(await wantedOf(parts, rollout, step, survey));
  const borderline: Candidate[] = [];
  for await (const candidates of candidatesOf(parts, rollout, step, releases)) {
    const taken = candidates.filter(({ place }) => bucketOf(place) < below);
    if (fromBucket > 0) borderline.push(...candidates.filter(({ place }) => bucketOf(place) === below));
    if (!(await offer(parts, rollout, taken))) return;
  }
  borderline.sort((one, other) => (one.place < other.place ? -1 : 1));
  if (!(await offer(parts, rollout, borderline.slice(0, fromBucket)))) return;
  await changeRollout(parts, rollout, async (_db, now) => {
    if (!isStillChosen(now, rollout)) return undefined;
    const changes = { step_started_at: clock.now(), passed_over: JSON.stringify(survey.passedOver) };
    return { kind: 'offered', actor: 'system', changes };
  });
}

/** How many more devices the step takes. */
async function wantedOf(
  { store }: RolloutParts,
  { id }: Rollout,
  step: RolloutStep,
  { candidates }: Survey,
): Promise<number> {
  if ('groups' in step) return candidates;
  const { offered, succeeded, failed } = await countDevices(store.history, id);
  const taken = offered + succeeded + failed;
  if ('count' in step) return step.count - taken;
  // Rounded up, but not for what arithmetic with fractions adds.
  return Math.ceil(((taken + candidates) * step.percent) / 100 - 1e-9) - taken;
}

async function surveyMembers(
  parts: RolloutParts,
  rollout: Rollout,
  step: RolloutStep,
  releases: Releases,
): Promise<Survey> {
  const places = new FirstPlaces();
  const passedOver = { development: 0, locked: 0, otherRelease: 0 };
  let candidates = 0;
  const note = (member: MemberTarget, at: number): void => {
    const reach = reachOf(member, rollout, releases, at);
    if (reach !== 'reached' && reach !== 'outside') passedOver[reach] += 1;
  };
  for await (const page of candidatesOf(parts, rollout, step, releases, note)) {
    candidates += page.length;
    for (const { place } of page) places.add(place);
  }
  return { places, candidates, passedOver };
}

/** The members that the step may take, a page at a time. @param note is told of every member */
async function* candidatesOf(
  { store, clock }: RolloutParts,
  rollout: Rollout,
  step: RolloutStep,
  releases: Releases,
  note?: (member: MemberTarget, at: number) => void,
): AsyncGenerator<Candidate[]> {
  const groups = 'groups' in step ? step.groups : undefined;
  let after: DeviceId | undefined;
  do {
    const members = await pageOfMembers(store.history, rollout.productId, after, PAGE);
    const at = clock.now();
    for (const member of members) note?.(member, at);
    const reachable = members.filter(
      (member) =>
        reachOf(member, rollout, releases, at) === 'reached' &&
        (groups === undefined || member.facts.groups.some((name) => groups.includes(name))),
    );
    const ids = reachable.map(({ id }) => id);
    const reached = await findReached(store.history, rollout.id, ids);
    yield reachable
      .filter(({ id }) => !reached.has(id))
      .map((member) => ({ member, place: placeOf(rollout.id, member.id) }));
    after = members.length < PAGE ? undefined : members.at(-1)?.id;
  } while (after !== undefined);
}

/** @returns false when the rollout is not to go on. */
async function offer(parts: RolloutParts, rollout: Rollout, candidates: readonly Candidate[]): Promise<boolean> {
  const { store, clock, bus } = parts;
  if (candidates.length === 0) return true;
  const at = clock.now();
  const offers: Offer[] = candidates.map(({ member }) => ({
    deviceId: member.id,
    step: rollout.step,
    at,
    fromVersion: member.running,
    runsIt: member.running === rollout.version,
  }));
  const goesOn = await store.db.transaction().execute(async (db) => {
    const now = await lockRollout(db, rollout.id);
    if (now === undefined || !isStillChosen(now, rollout)) return false;
    await insertOffers(db, rollout.id, offers);
    return true;
  });
  if (goesOn) {
    const deviceIds = offers.map(({ deviceId }) => deviceId);
    bus.publish(firmwareTargets, { productId: rollout.productId, deviceIds });
  }
  return goesOn;
}

function isStillChosen(now: Rollout, rollout: Rollout): boolean {
  return now.state === 'running' && now.step === rollout.step && now.stepStartedAt === null;
}
