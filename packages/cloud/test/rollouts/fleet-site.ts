import { Gateway } from '@cloudchamber/gateway';
import { type DeviceId, minutes, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { PERFECT, SimulatedNetwork, type VirtualClock } from '@cloudchamber/testkit';
import { type DeviceProfile, deviceOs62, VirtualDevice } from '@cloudchamber/virtual-device';
import { buildModule, generateP256, ModuleFunction } from '@cloudchamber/wire';
import { CloudGatewayPorts, type RunningMember } from '../../src/adapters/gateway-ports.ts';
import { LateDeviceCommands } from '../../src/adapters/late-device-commands.ts';
import { InProcessBus } from '../../src/bus/index.ts';
import { insertDevice } from '../../src/domain/devices/device-store.ts';
import { FirmwareBlobs, UpdateJournal } from '../../src/domain/firmware/index.ts';
import { FleetUpdater } from '../../src/domain/fleet-updates/index.ts';
import type { Product, ProductContext } from '../../src/domain/products/index.ts';
import { insertVersion } from '../../src/domain/releases/firmware-version-store.ts';
import { VersionsRan } from '../../src/domain/releases/index.ts';
import { versionRow } from '../../src/domain/releases/version-row.ts';
import { RolloutRunner } from '../../src/domain/rollouts/index.ts';
import type { Store } from '../../src/store/index.ts';

const SERVER = { address: '10.0.0.1', port: 5684 };
const OWNER = '65d0f1a2b3c4d5e6f7081920';
/** On a modem, so that hours of a thousand devices are few datagrams. */
const PROFILE: DeviceProfile = { ...deviceOs62, name: 'boron-6.2', platformId: 13, keepAliveMs: minutes(20) };
const FIRST_VERSION = 1;
const IMAGE_BYTES = 2000;
const DEVICES_PER_STATEMENT = 500;

/** A product whose devices are virtual ones at the real gateway, on a simulated network in virtual time, with everything that updates them. */
export class FleetSite {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly ctx: ProductContext;
  readonly bus = new InProcessBus(silentLogger);
  readonly devices = new Map<DeviceId, VirtualDevice>();
  readonly #network: SimulatedNetwork;
  readonly #identity = generateP256();
  readonly #settling: (() => Promise<void>)[] = [];
  readonly #closing: (() => Promise<void> | void)[] = [];

  private constructor(store: Store, clock: VirtualClock, ctx: ProductContext) {
    this.store = store;
    this.clock = clock;
    this.ctx = ctx;
    this.#network = new SimulatedNetwork(clock, seededEntropy(1));
    this.#network.conditions = { ...PERFECT, delayMs: 20 };
  }

  /** Devices with version 1, which is released, and version 2, which has run. Nobody is connected. */
  static async open(store: Store, clock: VirtualClock, count: number): Promise<FleetSite> {
    const row = { name: 'pump', name_key: 'pump', slug: 'pump-v1', description: '', platform_id: PROFILE.platformId };
    const owned = { owner_kind: 'user' as const, owner_id: OWNER, settings: '{}', created_at: 0, updated_at: 0 };
    const { id } = await store.db
      .insertInto('products')
      .values({ ...row, ...owned })
      .returning('id')
      .executeTakeFirstOrThrow();
    const actor = { kind: 'user', userId: OWNER, username: 'ann@example.net', tokenId: 't', operator: false } as const;
    const place = { product: { id } as Product, scope: 'firmware:release', role: 'Owner' } as const;
    const ambient = { store, clock, entropy: seededEntropy(11), log: silentLogger };
    const site = new FleetSite(store, clock, { ...ambient, actor, ...place });
    await site.#openGateway();
    for (const version of [FIRST_VERSION, 2]) await site.#addVersion(version);
    const release = { product_id: id, version: FIRST_VERSION, immediate: 0, group_name: '', released_by: OWNER };
    await store.db
      .insertInto('firmware_releases')
      .values({ ...release, released_at: 1 })
      .execute();
    await site.#addDevices(count);
    return site;
  }

  get productId(): number {
    return this.ctx.product.id;
  }

  /** Lets time go on until `met`, a little at a time while the store has work. @returns the ms that it took @throws Error when it was not met in `limitMs` */
  async until(limitMs: number, met: () => boolean | Promise<boolean>, stepMs = 250): Promise<number> {
    const begun = this.clock.monotonic();
    while (!(await met())) {
      if (this.clock.monotonic() - begun >= limitMs) throw new Error(`it did not come about within ${limitMs} ms`);
      await this.elapse(stepMs);
    }
    return this.clock.monotonic() - begun;
  }

  /** Lets time go on, and what it leads to be stored. */
  async elapse(ms: number): Promise<void> {
    await this.clock.elapse(ms);
    for (const settle of this.#settling) await settle();
    await this.clock.settle();
  }

  /** The devices begin to connect, some each step. */
  async connect(perStep = 50): Promise<void> {
    const waiting = [...this.devices.values()];
    while (waiting.length > 0) {
      for (const device of waiting.splice(0, perStep)) void device.connect();
      await this.elapse(250);
    }
    await this.until(minutes(2), () => [...this.devices.values()].every(({ state }) => state === 'connected'));
  }

  /** What the store says that devices run, by version. */
  async running(): Promise<Map<number | null, number>> {
    const rows = await this.store.db
      .selectFrom('devices')
      .select((row) => ['firmware_version', row.fn.countAll<number>().as('count')])
      .groupBy('firmware_version')
      .execute();
    return new Map(rows.map(({ firmware_version, count }) => [firmware_version, Number(count)]));
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }

  async #openGateway(): Promise<void> {
    const { store, clock, bus } = this;
    const ambient = { store, clock, bus, entropy: seededEntropy(12), log: silentLogger };
    const commands = new LateDeviceCommands();
    const blobs = new FirmwareBlobs(ambient);
    const updates = await UpdateJournal.open({ ...ambient, commands, blobs });
    const fleet = new FleetUpdater({ ...ambient, commands, updates, blobs, atOnce: 100 });
    const versions = new VersionsRan(ambient, bus);
    const waitsFor = (deviceId: DeviceId) => fleet.waitsFor(deviceId);
    const rollouts = await RolloutRunner.open({ ...ambient, commands, updates, waitsFor });
    const onRunning = [
      (member: RunningMember) => versions.note(member),
      ({ deviceId, productId, version }: RunningMember) => rollouts.noteRan(deviceId, productId, version),
    ];
    const ports = new CloudGatewayPorts({ ...ambient, commands, updates, trustFirstKey: false, fleet, onRunning });
    const gateway = new Gateway({
      ...ambient,
      ports,
      identity: this.#identity,
      udp: this.#network.bind(SERVER.address, SERVER.port),
    });
    commands.connect(gateway.commands);
    // Everything that was asked of the store before is answered then.
    const answered = async () => void (await store.check());
    this.#settling.push(
      answered,
      () => updates.settled(),
      () => rollouts.settled(),
      answered,
    );
    this.#closing.push(
      () => fleet.close(),
      () => gateway.stop(),
      () => ports.close(),
      () => rollouts.close(),
      () => versions.close(),
      () => fleet.settled(),
    );
  }

  async #addVersion(version: number): Promise<void> {
    const file = buildModule({
      function: ModuleFunction.USER_PART,
      version: 1,
      platformId: PROFILE.platformId,
      content: seededEntropy(version).bytes(IMAGE_BYTES),
      product: { id: this.productId, version },
    });
    const file_hash = await new FirmwareBlobs(this).put(file);
    await insertVersion(this.store.db, versionRow(this.productId, version, { file_hash, first_run_at: 1 }));
  }

  async #addDevices(count: number): Promise<void> {
    const db = this.store.db;
    for (let number = 0; number < count; number++) {
      const id = `e00fce68${number.toString(16).padStart(16, '0')}` as DeviceId;
      const identity = generateP256();
      const publicKey = identity.spki;
      await insertDevice(db, { id, name: 'pump', platformId: PROFILE.platformId, publicKey, ownerId: null, at: 0 });
      const device = new VirtualDevice({
        deviceId: id,
        identity,
        profile: PROFILE,
        clock: this.clock,
        entropy: seededEntropy(1000 + number),
        serverSpki: this.#identity.spki,
        server: SERVER,
        openSocket: async () => this.#network.bind('10.0.1.1'),
        productId: this.productId,
        productVersion: FIRST_VERSION,
      });
      this.devices.set(id, device);
    }
    const ids = [...this.devices.keys()];
    const member = { product_id: this.productId, firmware_product_id: this.productId, firmware_version: FIRST_VERSION };
    for (let at = 0; at < ids.length; at += DEVICES_PER_STATEMENT) {
      const some = ids.slice(at, at + DEVICES_PER_STATEMENT);
      await db.updateTable('devices').set(member).where('id', 'in', some).execute();
    }
  }
}
