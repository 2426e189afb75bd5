import type Particle from 'particle-api-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logIn, refusalOf } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { eventually } from './harness/eventually.ts';
import { ARGONS, CORE, type FleetDevice, fileHash } from './harness/fleet-device.ts';
import { ProductFleet } from './harness/product-fleet.ts';
import { RecordedStream } from './harness/recorded-stream.ts';

const IMAGE_BYTES = 12_000;
const UPDATED_MS = 30_000;

/** What the journey has said of a device: all that the precedence rules look at. */
interface Standing {
  development?: boolean;
  flashed?: number;
  lock?: number | undefined;
  groups?: readonly string[];
}

/** Releases by group; the default under ''. */
type Released = Readonly<Record<string, number>>;

/** The precedence of the documents, row by row: the first that says something counts (OTA-16 to OTA-20). */
function versionByTheRules({ development, flashed, lock, groups = [] }: Standing, released: Released): number {
  const rows = [
    development === true ? (flashed ?? 1) : undefined,
    lock,
    groups.map((group) => released[group] ?? 0).reduce((highest, one) => Math.max(highest, one), 0) || undefined,
    released[''],
  ];
  return rows.find((version) => version !== undefined) ?? 1;
}

let server: CloudServer;
let client: Particle;
let argons: ProductFleet;
let cores: ProductFleet;
let stream: RecordedStream;
let released: Released = {};
const standings = new Map<FleetDevice, Standing>();

function argon(at: number): FleetDevice {
  const device = argons.devices[at];
  if (device === undefined) throw new Error(`there is no device ${at}`);
  return device;
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

function note(at: number, said: Standing): void {
  standings.set(argon(at), { ...standings.get(argon(at)), ...said });
}

const expected = (device: FleetDevice): number => versionByTheRules(standings.get(device) ?? {}, released);

/** Who would be updated by such a release: what impact may count (OTA-10). */
function changes(next: Released): FleetDevice[] {
  return argons.devices.filter((device) => {
    const standing = standings.get(device) ?? {};
    const version = versionByTheRules(standing, next);
    return version !== versionByTheRules(standing, released) && version !== device.version;
  });
}

async function impact(version: number, groups: string, productDefault: boolean): Promise<unknown> {
  const query = {
    action: 'edit_groups_for_firmware',
    firmware_version: String(version),
    groups,
    product_default: String(productDefault),
  };
  return (await client.get({ uri: `/v1/products/${argons.product}/impact`, query })).body;
}

const runs = (device: FleetDevice, version: number) => () => device.version === version;

async function lock(at: number, version: number): Promise<void> {
  const { deviceId } = argon(at);
  await client.lockDeviceProductFirmware({ product: argons.product, deviceId, desiredFirmwareVersion: version });
  note(at, { lock: version });
}

async function unlock(at: number): Promise<void> {
  await client.unlockDeviceProductFirmware({ product: argons.product, deviceId: argon(at).deviceId });
  note(at, { lock: undefined });
}

async function group(at: number, ...groups: string[]): Promise<void> {
  await argons.putInto(argon(at), ...groups);
  note(at, { groups });
}

const DEVELOPMENT = [0, 1, 2];
const PILOT = 3;
/** In the group beta from the beginning: 2 is a development device, 4 is locked. */
const BETA = [2, ...range(4, 12)];
const LEAVES_BETA = 12;
const JOINS_BETA = 13;
const CANARY = [10, 11, 14];
const CANARY_PILOT = 15;
const OFFLINE = range(16, 20);
const UNLOCKED = 21;

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  const common = { server, owner: client, imageBytes: IMAGE_BYTES };
  argons = await ProductFleet.create({ ...common, name: 'Greenhouse', count: 40, profiles: ARGONS });
  cores = await ProductFleet.create({ ...common, name: 'Greenhouse on Cores', count: 10, profiles: [CORE] });
  stream = await RecordedStream.open(client, { product: argons.product });
});
afterAll(async () => {
  stream?.close();
  await argons?.disconnect();
  await cores?.disconnect();
  await server?.dispose();
});

describe('the recommended flow of a release, to 50 devices', () => {
  let hasFailed = false;
  beforeEach(({ skip }) => skip(hasFailed, 'what came before it failed'));
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });

  it('begins with devices that were imported and run version 1', async () => {
    await Promise.all([argons.connect(), cores.connect()]);
    for (const fleet of [argons, cores]) {
      await fleet.upload(1);
      await fleet.release(1, { productDefault: true });
    }
    released = { '': 1 };
    await eventually('all devices to be counted', async () => {
      const { body } = await client.getProductFirmware({ product: argons.product, version: 1 });
      return body.device_count === argons.devices.length && body.current;
    });
  });

  it('goes on with development devices, which are flashed one by one', async () => {
    const { product } = argons;
    for (const at of DEVELOPMENT) {
      const { deviceId } = argon(at);
      await client.markAsDevelopmentDevice({ product, deviceId, development: true });
      await client.flashDevice({ product, deviceId, files: { 'firmware.bin': argons.image(2) } });
      note(at, { development: true, flashed: 2 });
    }
    for (const at of DEVELOPMENT) {
      await eventually('a development device to run version 2', runs(argon(at), 2), UPDATED_MS);
      await eventually('the cloud to see it', async () => (await argons.seen(argon(at))) === 2);
    }
  });

  it('refuses to release what no device has run yet', async () => {
    await argons.upload(3);
    await cores.upload(3);
    const { product } = argons;
    const refused = await refusalOf(client.releaseProductFirmware({ product, version: 3, product_default: true }));
    expect(refused).toMatchObject({ status: 409, body: { ok: false, error: expect.stringMatching(/./) } });
    const { body } = await client.getProductFirmware({ product, version: 3 });
    expect(body).toMatchObject({ current: false, groups: [], device_count: 0 });
  });

  it('locks one device to it and flashes it now; it comes back with it', async () => {
    const [core] = cores.devices;
    if (core === undefined) throw new Error('there is no Core');
    await Promise.all([argons.pilot(argon(PILOT), 3), cores.pilot(core, 3)]);
    note(PILOT, { lock: 3 });
    const { deviceId } = argon(PILOT);
    const told = () => stream.events.filter(({ name, coreid }) => name === 'spark/flash/status' && coreid === deviceId);
    await eventually('both statuses', () => told().length === 2);
    expect(told().map(({ data }) => data)).toEqual(['started ', 'success ']);
    expect((await client.getDevice({ product: argons.product, deviceId })).body).toMatchObject({
      firmware_version: 3,
      desired_firmware_version: 3,
      online: true,
    });
    expect(argons.devices.filter(({ version }) => version === 3)).toEqual([argon(PILOT)]);
  });

  it('releases it to a group, whose devices take it at their next handshake and not before', async () => {
    await lock(4, 1);
    for (const at of BETA) await group(at, 'beta');
    const next = { ...released, beta: 3 };
    const affected = changes(next);
    expect(affected).toHaveLength(BETA.length - 2);
    expect(await impact(3, 'beta', false)).toMatchObject({
      devices: { firmware_update: { total: affected.length, by_version: [{ version: 1, total: affected.length }] } },
    });
    await argons.release(3, { groups: ['beta'] });
    released = next;
    // A session that goes on is no new one.
    await Promise.all(BETA.map((at) => argon(at).resume()));
    const [first, ...rest] = affected;
    await first?.handshake();
    await eventually('the first of the group to be updated', () => first?.version === 3, UPDATED_MS);
    expect(rest.map(({ version, arrived }) => [version, arrived])).toEqual(rest.map(() => [1, 0]));
    await Promise.all(BETA.map((at) => argon(at)).map((device) => device !== first && device.handshake()));
    for (const device of affected) await eventually('the group to be updated', runs(device, 3), UPDATED_MS);
    expect([argon(4).version, argon(2).version]).toEqual([1, 2]);
  });

  it('follows a device that leaves the group, and one that joins it', async () => {
    await group(LEAVES_BETA);
    await group(JOINS_BETA, 'beta');
    await Promise.all([LEAVES_BETA, JOINS_BETA].map((at) => argon(at).handshake()));
    await eventually('the one that left to be back at version 1', runs(argon(LEAVES_BETA), 1), UPDATED_MS);
    await eventually('the one that joined to have version 3', runs(argon(JOINS_BETA), 3), UPDATED_MS);
  });

  it('gives a device in two groups the higher version', async () => {
    await argons.upload(4);
    await argons.pilot(argon(CANARY_PILOT), 4);
    note(CANARY_PILOT, { lock: 4 });
    for (const at of CANARY) await group(at, ...(BETA.includes(at) ? ['beta', 'canary'] : ['canary']));
    await argons.release(4, { groups: ['canary'] });
    released = { ...released, canary: 4 };
    await Promise.all(CANARY.map((at) => argon(at).handshake()));
    for (const at of CANARY) await eventually('a canary to have version 4', runs(argon(at), 4), UPDATED_MS);
  });

  it('becomes the default at once for those that are online, and for the others when they come back', async () => {
    await lock(UNLOCKED, 1);
    await lock(20, 1);
    await Promise.all(OFFLINE.map((at) => argon(at).device.disconnect()));
    await unlock(UNLOCKED);
    await unlock(PILOT);
    const next = { ...released, '': 3 };
    const affected = changes(next);
    expect(await impact(3, 'beta', true)).toMatchObject({ devices: { firmware_update: { total: affected.length } } });
    await Promise.all([
      argons.release(3, { productDefault: true, groups: ['beta'], atOnce: true }),
      cores.release(3, { productDefault: true, atOnce: true }),
    ]);
    released = next;
    await eventually('the event of the release', () => stream.names().includes('particle/firmware/release'));
    const online = affected.filter(({ device }) => device.state !== 'offline');
    expect(online).toHaveLength(affected.length - OFFLINE.length + 1);
    for (const device of online) await eventually('a device to be updated', runs(device, 3), UPDATED_MS);
    for (const device of cores.devices) await eventually('a Core to be updated', runs(device, 3), UPDATED_MS);
    expect(OFFLINE.map((at) => argon(at).version)).toEqual(OFFLINE.map(() => 1));
    const [resuming, ...others] = OFFLINE.map(argon);
    await Promise.all([resuming?.resume(), ...others.map((device) => device.handshake())]);
    for (const device of OFFLINE.map(argon)) {
      await eventually('a device that was away to be updated', runs(device, expected(device)), UPDATED_MS);
    }
  });

  it('leaves every device with the version that the rules say, and development devices alone', async () => {
    await Promise.all(argons.devices.filter((_, at) => at % 2 === 0).map((device) => device.handshake()));
    const table = async () => {
      const listed = await argons.listed();
      return argons.devices.map((device, at) => {
        const file = device.applied.at(-1) ?? fileHash(argons.image(1));
        return { at, version: device.version, listed: listed.get(device.deviceId), file };
      });
    };
    const byTheRules = argons.devices.map((device, at) => {
      const version = expected(device);
      return { at, version, listed: version, file: fileHash(argons.image(version)) };
    });
    await expect.poll(table, { timeout: UPDATED_MS }).toEqual(byTheRules);
    expect(DEVELOPMENT.map((at) => argon(at).applied)).toEqual(DEVELOPMENT.map(() => [fileHash(argons.image(2))]));
    expect(cores.devices.map(({ applied }) => applied)).toEqual(cores.devices.map(() => [fileHash(cores.image(3))]));
    const counted = await client.listProductFirmware({ product: argons.product });
    const counts = counted.body.map(({ version, device_count }) => [version, device_count]);
    const all = argons.devices.map(expected);
    expect(counts).toEqual([4, 3, 1].map((version) => [version, all.filter((one) => one === version).length]));
  });
});
