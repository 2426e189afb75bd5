import { setTimeout as pause } from 'node:timers/promises';
import { seededEntropy } from '@cloudchamber/kernel';
import { describeStorePlaces } from '@cloudchamber/testkit';
import type Particle from 'particle-api-js';
import { afterEach, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { eventually } from './harness/eventually.ts';
import { ARGONS, CORE, type FleetDevice } from './harness/fleet-device.ts';
import { ProductFleet } from './harness/product-fleet.ts';

const KILLS = Number(process.env.E2E_UPDATE_KILLS ?? 6);
/** PostgreSQL is a process of its own that the kill leaves alone. */
const MOST_KILLS_ON_POSTGRES = 10;
const SEED = Number(process.env.E2E_SEED ?? Date.now() % 1_000_000);
const ARGON_COUNT = 170;
const CORE_COUNT = 30;
const IMAGE_BYTES = 150_000;
/** Fewer than there are devices: some wait, some are being updated and some are done whenever the server dies. */
const AT_ONCE = 40;
/** A life of the server: many are short, a few are so long that even a device of the old modes, which always begins anew, gets all of its image. */
const SHORTEST_LIFE_MS = 200;
const LONGEST_LIFE_MS = 5_000;
const CONVERGED_MS = 240_000;

const FIRST = 2;
const LOCKED = 3;
const BETA = 4;

interface Attempt {
  readonly version: number | null;
  readonly outcome: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

describeStorePlaces('a server killed during the update of a fleet', (newPlace) => {
  let server: CloudServer | undefined;
  const fleets: ProductFleet[] = [];
  afterEach(async () => {
    for (const fleet of fleets.splice(0)) await fleet.disconnect();
    await server?.dispose();
    server = undefined;
  });

  it('brings every device to its version, and none to another', { timeout: KILLS * 10_000 + 400_000 }, async () => {
    const place = await newPlace();
    const kills = place.databaseUrl === undefined ? KILLS : Math.min(KILLS, MOST_KILLS_ON_POSTGRES);
    const { fraction } = seededEntropy(SEED);
    server = await startServer({ place, env: { CHAMBER_UPDATES_AT_ONCE: String(AT_ONCE) } });
    const owner = await logIn(server);
    const common = { server, owner, imageBytes: IMAGE_BYTES };
    // So slow that the fleet is not through before the kills are over.
    const updateFault = { kind: 'slow', bytesPerSecond: Math.round((7 * IMAGE_BYTES) / kills) } as const;
    const argons = await ProductFleet.create({
      ...common,
      name: 'Argons',
      count: ARGON_COUNT,
      profiles: ARGONS,
      updateFault,
    });
    const cores = await ProductFleet.create({ ...common, name: 'Cores', count: CORE_COUNT, profiles: [CORE] });
    fleets.push(argons, cores);
    await Promise.all(fleets.map((fleet) => fleet.connect()));
    const wanted = new Map<FleetDevice, number>();
    const wants = (version: number) => (device: FleetDevice) => wanted.get(device) === version;

    const [first, locked, beta, ...others] = argons.devices;
    const [core, ...otherCores] = cores.devices;
    if (!first || !locked || !beta || !core) throw new Error('the fleets are too small');
    for (const version of [FIRST, LOCKED, BETA]) await argons.upload(version);
    await cores.upload(FIRST);
    for (const { device } of [first, locked, beta]) device.setUpdateFault(undefined);
    await Promise.all([
      argons.pilot(first, FIRST),
      argons.pilot(locked, LOCKED),
      argons.pilot(beta, BETA),
      cores.pilot(core, FIRST),
    ]);
    for (const device of [first, core, ...others, ...otherCores]) wanted.set(device, FIRST);
    wanted.set(locked, LOCKED);
    for (const device of [beta, ...others.filter((_, at) => at % 5 === 0)]) wanted.set(device, BETA);
    for (const device of others.filter((_, at) => at % 10 === 1)) wanted.set(device, LOCKED);
    for (const device of others.filter(wants(BETA))) await argons.putInto(device, 'beta');

    await argons.release(BETA, { groups: ['beta'], atOnce: true });
    for (const device of others.filter(wants(LOCKED))) await lockNow(owner, argons.product, device);
    await argons.release(FIRST, { productDefault: true, atOnce: true });
    await cores.release(FIRST, { productDefault: true, atOnce: true });

    const all = [...wanted];
    const done = (): number => all.filter(([device, version]) => device.version === version).length;
    const begun = done();
    const doneAtKills: number[] = [];
    while (doneAtKills.length < kills) {
      await pause(SHORTEST_LIFE_MS + fraction() ** 3 * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await server.kill9();
      doneAtKills.push(done());
      await server.start();
    }
    await eventually('all devices to have their versions', () => done() === all.length, CONVERGED_MS);
    await eventually('the cloud to see it', async () => {
      const listed = new Map((await Promise.all(fleets.map((fleet) => fleet.listed()))).flatMap((some) => [...some]));
      return all.every(([{ deviceId }, version]) => listed.get(deviceId) === version);
    });
    for (const fleet of fleets) {
      // A device that was just restarting when the server died may be sent the same image once more.
      const isThrough = async () => {
        const { updating, waiting } = await undone(owner, fleet);
        return updating === 0 && waiting === 0;
      };
      await eventually('nothing to be left to do', isThrough, CONVERGED_MS);
    }

    const histories = new Map<FleetDevice, readonly Attempt[]>();
    for (const fleet of fleets)
      for (const device of fleet.devices) histories.set(device, await historyOf(owner, fleet, device));
    const attempts = [...histories.values()].flat();
    const applications = all.reduce((sum, [{ applied }]) => sum + applied.length, 0);
    console.info(
      `${kills} kills (seed ${SEED}) during the update of ${all.length} devices, of which ${begun} to ${doneAtKills.at(-1)} were done: ` +
        `${attempts.length} attempts (${countOf(attempts.map(({ outcome }) => String(outcome)))}), ${applications} images applied`,
    );
    // Otherwise the kills hit a server that had nothing to do.
    expect(doneAtKills.at(-2)).toBeLessThan(all.length);
    for (const fleet of fleets) {
      for (const device of fleet.devices) {
        const version = wanted.get(device);
        const history = histories.get(device) ?? [];
        expect(new Set(device.applied.map((hash) => fleet.versionOf(hash)))).toEqual(new Set([version]));
        expect(history[0]).toMatchObject({ version, outcome: 'succeeded' });
        expect(history.filter((attempt) => attempt.version !== version || attempt.ended_at === null)).toEqual([]);
        expect(overlaps(history)).toEqual([]);
      }
    }
  });
});

async function lockNow(owner: Particle, product: number, { deviceId }: FleetDevice): Promise<void> {
  await owner.lockDeviceProductFirmware({ product, deviceId, desiredFirmwareVersion: LOCKED, flash: true });
}

/** How many updates of the product are under way, and how many devices wait for one. */
async function undone(owner: Particle, { product }: ProductFleet): Promise<{ updating: number; waiting: number }> {
  const uri = `/v1/products/${product}/updates`;
  return (await owner.get<{ counts: { updating: number; waiting: number } }>({ uri })).body.counts;
}

/** Every attempt to update the device, the newest first. */
async function historyOf(owner: Particle, { product }: ProductFleet, { deviceId }: FleetDevice): Promise<Attempt[]> {
  const uri = `/v1/products/${product}/devices/${deviceId}/updates`;
  return (await owner.get<{ updates: Attempt[] }>({ uri })).body.updates;
}

/** Attempts that were made before the one before them was over: two transfers at once. */
function overlaps(newestFirst: readonly Attempt[]): Attempt[] {
  return newestFirst.filter(({ created_at }, at) => {
    const earlier = newestFirst[at + 1];
    return earlier !== undefined && (earlier.ended_at === null || created_at < earlier.ended_at);
  });
}

function countOf(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
