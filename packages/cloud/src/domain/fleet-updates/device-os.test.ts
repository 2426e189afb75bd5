import { createHash } from 'node:crypto';
import { type DeviceId, hours, minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import {
  assetDependency,
  buildModule,
  type FirmwareModule,
  type ModuleDependency,
  ModuleFunction,
  ModuleStore,
  ModuleValidity,
} from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { beforeEach, expect, it } from 'vitest';
import { PLATFORM, type TestFleet, testFleet } from '../../../test/fleet-updates/test-fleet.ts';
import type { Store } from '../../store/index.ts';
import { changeDevice } from '../devices/device-store.ts';
import { modulesAdded } from '../firmware/index.ts';
import { insertModule } from '../firmware/module-store.ts';
import { insertVersion } from '../releases/firmware-version-store.ts';
import { versionRow } from '../releases/version-row.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const P = 1000;
const { SYSTEM_PART, BOOTLOADER, USER_PART, ASSET } = ModuleFunction;
const SYSTEM = { function: SYSTEM_PART, index: 1, version: 6200 };
const BOOT = { function: BOOTLOADER, index: 0, version: 2300 };

describeStores('Device OS of a fleet', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let fleet: TestFleet;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    fleet = await testFleet(store, clock);
    await fleet.addVersion(P, 2, { dependencies: [SYSTEM] });
    await fleet.addDevice(A, P);
    clock.advance(1000);
  });

  const onDevice = (module: Partial<FirmwareModule>): FirmwareModule => ({
    store: ModuleStore.MAIN,
    maxSize: 0,
    size: 0,
    function: SYSTEM_PART,
    index: 1,
    version: 5000,
    dependencies: [],
    assetDependencies: [],
    checkedFlags: ModuleValidity.INTEGRITY,
    passedFlags: ModuleValidity.INTEGRITY,
    ...module,
  });
  const describes = (...modules: FirmwareModule[]) =>
    changeDevice(store.db, A, { system_describe: JSON.stringify({ modules, assets: [], protectedState: false }) });
  const addToLibrary = async (module: ModuleDependency, dependencies: ModuleDependency[] = []) => {
    const data = buildModule({
      ...module,
      platformId: PLATFORM,
      dependencies,
      content: Buffer.from(`module ${module.version}`),
    });
    const hash = await fleet.blobs.put(data);
    const rest = { name: '', hash, platformId: PLATFORM, size: data.length, uploadedBy: 'op', uploadedAt: 0 };
    await insertModule(store.db, { ...rest, ...module, dependencies, id: String(module.version).padStart(24, '0') });
  };
  const contents = () => fleet.sent(A)?.map((text) => /(module|version) (\d+)/.exec(text)?.[0]);
  const release = async () => {
    await fleet.release(P, 2);
    clock.advance(10);
    await fleet.connect(A, { productId: P, version: 1 });
  };

  it('comes before the application, in the order of need, in the same update', async () => {
    await addToLibrary(SYSTEM, [BOOT]);
    await addToLibrary(BOOT);
    await describes(onDevice({}), onDevice({ ...BOOT, version: 2000 }));
    await release();
    expect(contents()).toEqual(['module 2300', 'module 6200', 'version 2']);
  });

  it('is not sent when the device has it, nor when it turns out to have got it meanwhile', async () => {
    await addToLibrary(SYSTEM);
    await describes(onDevice({}));
    fleet.commands.describe = async () => {
      await describes(onDevice({ version: 6300 }));
    };
    await release();
    expect(contents()).toEqual(['version 2']);
  });

  it('that the library lacks is waited for, with its name', async () => {
    await describes(onDevice({}));
    await release();
    expect(fleet.sent(A)).toBeUndefined();
    expect(fleet.fleet.waitOf(A)).toMatchObject({ blocked: 'missing_dependencies' });
    expect(fleet.fleet.waitsFor(A)).toContain('system part 1 version 6200');
    await addToLibrary(SYSTEM);
    fleet.bus.publish(modulesAdded, 1);
    await fleet.settle();
    expect(contents()).toEqual(['module 6200', 'version 2']);
  });

  it('that another process brought into the library is found within the hour', async () => {
    await describes(onDevice({}));
    await release();
    await addToLibrary(SYSTEM);
    await clock.elapse(hours(1));
    await fleet.settle();
    expect(contents()).toEqual(['module 6200', 'version 2']);
  });

  it('that the library lacks is no matter any more when the device says that it has it', async () => {
    await describes(onDevice({}));
    await release();
    await describes(onDevice({ version: 6200 }));
    fleet.fleet.described(A);
    await fleet.settle();
    expect(contents()).toEqual(['version 2']);
  });

  it('is asked for first when the device has never described itself', async () => {
    await addToLibrary(SYSTEM);
    await changeDevice(store.db, A, { system_describe: null });
    fleet.commands.describe = () => describes(onDevice({}));
    await release();
    expect(contents()).toEqual(['module 6200', 'version 2']);
  });

  /** Version 3 is a bundle with one asset. */
  const addBundle = async (dependencies: ModuleDependency[]) => {
    const cat = Buffer.from('a cat');
    const hash = createHash('sha256').update(cat).digest('hex');
    const application = buildModule({
      function: USER_PART,
      version: 1,
      platformId: PLATFORM,
      dependencies,
      content: Buffer.from('version 3'),
      product: { id: P, version: 3 },
      extensions: [assetDependency({ name: 'cat.txt', hash })],
    });
    const file = zipSync({ 'app.bin': application, 'assets/cat.txt': cat });
    await insertVersion(store.db, versionRow(P, 3, { kind: 'bundle', file_hash: await fleet.blobs.put(file) }));
    return hash;
  };
  const functions = () => fleet.commands.updates.get(A)?.images.map(({ moduleFunction }) => moduleFunction);

  it('is too old for assets, unless a newer one comes with them', async () => {
    await addBundle([]);
    await fleet.release(P, 3);
    clock.advance(10);
    fleet.commands.hello = { ...fleet.commands.hello, systemVersion: 5000 };
    await fleet.connect(A, { productId: P, version: 1 });
    expect(fleet.fleet.waitOf(A)).toMatchObject({ blocked: 'device_os_too_old' });
    await addToLibrary(SYSTEM);
    await store.db.deleteFrom('product_firmware').where('version', '=', 3).execute();
    await addBundle([SYSTEM]);
    await describes(onDevice({}));
    await fleet.connect(A, { productId: P, version: 1 });
    expect(functions()).toEqual([SYSTEM_PART, USER_PART, ASSET]);
  });

  it('keeps a device in safe mode that lacks assets of what it runs, until it gets them', async () => {
    const hash = await addBundle([]);
    await fleet.release(P, 3);
    clock.advance(10);
    fleet.commands.hello = { ...fleet.commands.hello, systemVersion: 6200 };
    await describes(onDevice({ version: 6200 }));
    const inSafeMode = async () => {
      await fleet.connect(A, { productId: P, version: 3 });
      await changeDevice(store.db, A, { safe_mode: 1 });
      fleet.fleet.inSafeMode(A);
      await fleet.settle();
    };
    await inSafeMode();
    expect(functions()).toEqual([ASSET]);
    await fleet.fail(A);
    const complete = {
      modules: [onDevice({ version: 6200 })],
      assets: [{ name: 'cat.txt', hash }],
      protectedState: false,
    };
    await changeDevice(store.db, A, { system_describe: JSON.stringify(complete) });
    await clock.elapse(minutes(1));
    await fleet.settle();
    expect(functions()).toBeUndefined();
  });

  it('that a device in safe mode misses comes by itself, in no product too, with ever longer pauses', async () => {
    await changeDevice(store.db, A, { product_id: null });
    await addToLibrary(SYSTEM);
    const application = onDevice({ function: USER_PART, version: 6, dependencies: [SYSTEM] });
    const inSafeMode = async () => {
      await fleet.connect(A);
      await changeDevice(store.db, A, { safe_mode: 1 });
      fleet.fleet.inSafeMode(A);
      await fleet.settle();
    };
    await describes(application, onDevice({ version: 6200 }));
    await inSafeMode();
    expect(fleet.sent(A)).toBeUndefined();
    await describes(application, onDevice({}));
    await inSafeMode();
    expect(contents()).toEqual(['module 6200']);
    expect(fleet.events).toContainEqual({
      deviceId: A,
      name: 'spark/safe-mode-updater/updating',
      text: 'system part 1 version 6200',
    });
    await fleet.fail(A);
    await inSafeMode();
    expect(fleet.sent(A)).toBeUndefined();
    await clock.elapse(minutes(1));
    await fleet.settle();
    expect(contents()).toEqual(['module 6200']);
    await fleet.restart();
    await fleet.take(A, null);
    expect((await fleet.history(A)).map(({ reason, outcome }) => [reason, outcome])).toEqual([
      ['repair', 'refused'],
      ['repair', 'succeeded'],
    ]);
  });
});
