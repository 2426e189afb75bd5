import { type DeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import type { VirtualClock } from '@cloudchamber/testkit';
import { buildModule, ModuleFunction, type ModuleToBuild } from '@cloudchamber/wire';
import { InProcessBus } from '../../src/bus/index.ts';
import { changeDevice, type DeviceChanges, insertDevice } from '../../src/domain/devices/device-store.ts';
import { FakeDeviceCommands } from '../../src/domain/devices/fake-device-commands.ts';
import { firmwareTargets } from '../../src/domain/devices/index.ts';
import { liveEvents } from '../../src/domain/events/live-events.ts';
import { FirmwareBlobs, UpdateJournal } from '../../src/domain/firmware/index.ts';
import { FleetUpdater } from '../../src/domain/fleet-updates/index.ts';
import { insertVersion } from '../../src/domain/releases/firmware-version-store.ts';
import { versionRow } from '../../src/domain/releases/version-row.ts';
import type { Store } from '../../src/store/index.ts';

export const PLATFORM = 32;

export interface TestFleetOptions {
  readonly atOnce?: number;
}

interface ToRelease {
  /** Empty for the default. */
  readonly group?: string;
  readonly immediate?: boolean;
}

/** For tests: devices that do what they are told, over a real store, journal and updater, in virtual time. `restart` stands for another process over the same store. */
export async function testFleet(store: Store, clock: VirtualClock, options: TestFleetOptions = {}) {
  const bus = new InProcessBus(silentLogger);
  const entropy = seededEntropy(1);
  const blobs = new FirmwareBlobs({ store, clock });
  const events: { readonly deviceId: string | null; readonly name: string; readonly text: string }[] = [];
  bus.subscribe(liveEvents, ({ deviceId, name, data }) => {
    events.push({ deviceId, name, text: Buffer.from(data ?? '').toString() });
  });
  const start = async (commands: FakeDeviceCommands) => {
    const journal = await UpdateJournal.open({ store, bus, commands, blobs, clock, log: silentLogger });
    const { atOnce = 100 } = options;
    const parts = { store, bus, clock, entropy, log: silentLogger, commands, updates: journal, blobs, atOnce };
    return { commands, journal, fleet: new FleetUpdater(parts) };
  };
  let now = await start(new FakeDeviceCommands());

  const settle = async (): Promise<void> => {
    // What is stored is told on the bus, which leads to the next look.
    for (let turn = 0; turn < 6; turn++) {
      await now.fleet.settled();
      await now.journal.settled();
      await clock.settle();
    }
  };
  const changed = async (productId: number, ...deviceIds: DeviceId[]): Promise<void> => {
    bus.publish(firmwareTargets, { productId, ...(deviceIds.length > 0 && { deviceIds }) });
    await settle();
  };
  return {
    events,
    bus,
    blobs,
    settle,
    changed,
    get commands() {
      return now.commands;
    },
    get fleet() {
      return now.fleet;
    },
    get journal() {
      return now.journal;
    },
    /** A member that has never connected. */
    async addDevice(id: DeviceId, productId: number | null, more: DeviceChanges = {}): Promise<void> {
      await insertDevice(store.db, { id, name: 'n', platformId: PLATFORM, publicKey: null, ownerId: null, at: 0 });
      await changeDevice(store.db, id, {
        product_id: productId,
        system_describe: '{"modules":[],"assets":[]}',
        ...more,
      });
    },
    async addVersion(productId: number, version: number, module: Partial<ModuleToBuild> = {}): Promise<void> {
      const file = buildModule({
        function: ModuleFunction.USER_PART,
        version: 1,
        platformId: PLATFORM,
        content: Buffer.from(`product ${productId} version ${version}`),
        product: { id: productId, version },
        ...module,
      });
      await insertVersion(store.db, versionRow(productId, version, { file_hash: await blobs.put(file) }));
    },
    async release(
      productId: number,
      version: number,
      { group = '', immediate = false }: ToRelease = {},
    ): Promise<void> {
      const row = { product_id: productId, version, group_name: group, released_by: 'ann', released_at: clock.now() };
      await store.db
        .insertInto('firmware_releases')
        .values({ ...row, immediate: immediate ? 1 : 0 })
        .onConflict((conflict) =>
          conflict.columns(['product_id', 'group_name']).doUpdateSet({ ...row, immediate: immediate ? 1 : 0 }),
        )
        .execute();
      await changed(productId);
    },
    /** A session begins, with this firmware of the product. */
    async connect(
      id: DeviceId,
      firmware: { readonly productId: number; readonly version: number } | null = null,
    ): Promise<void> {
      await changeDevice(store.db, id, {
        last_handshake_at: clock.now(),
        firmware_product_id: firmware?.productId ?? null,
        firmware_version: firmware?.version ?? null,
        safe_mode: 0,
      });
      now.commands.online.add(id);
      now.journal.connected(id);
      now.fleet.connected(id);
      await settle();
    },
    async disconnect(id: DeviceId): Promise<void> {
      now.commands.online.delete(id);
      now.fleet.disconnected(id);
      await settle();
    },
    /** What is being sent to the device: the text of its images. */
    sent(id: DeviceId): string[] | undefined {
      return now.commands.updates.get(id)?.images.map(({ data }) => Buffer.from(data).toString('latin1'));
    },
    /** The device has restarted with what it was sent. */
    async take(id: DeviceId, firmware: { readonly productId: number; readonly version: number } | null): Promise<void> {
      clock.advance(10);
      const update = now.commands.updates.get(id);
      if (update === undefined) throw new Error(`nothing is sent to ${id}`);
      await this.connect(id, firmware);
      now.commands.updates.delete(id);
      now.journal.ended(id, update.id, { outcome: 'succeeded' });
      await settle();
    },
    async fail(id: DeviceId, message = 'no'): Promise<void> {
      const update = now.commands.updates.get(id);
      if (update === undefined) throw new Error(`nothing is sent to ${id}`);
      now.commands.updates.delete(id);
      now.journal.ended(id, update.id, { outcome: 'failed', reason: 'refused', message });
      await settle();
    },
    /** The process ends without a word; the next one finds the devices that are online. */
    async restart(): Promise<void> {
      now.fleet.close();
      const online = [...now.commands.online];
      const commands = new FakeDeviceCommands();
      commands.hello = now.commands.hello;
      for (const id of online) commands.online.add(id);
      now = await start(commands);
      now.fleet.resumed(online);
      now.journal.resume();
      await now.fleet.start();
      await settle();
    },
    history: (id: DeviceId) =>
      store.db.selectFrom('firmware_updates').selectAll().where('device_id', '=', id).orderBy('created_at').execute(),
  };
}

export type TestFleet = Awaited<ReturnType<typeof testFleet>>;
