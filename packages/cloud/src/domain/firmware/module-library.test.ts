import {
  type FirmwareModule,
  ModuleFunction,
  ModuleStore,
  ModuleValidity,
  type SystemDescribe,
} from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { lackingModules, needsOfDevice, storedDescribe } from './module-library.ts';
import type { LibraryModule } from './module-store.ts';

const { BOOTLOADER, SYSTEM_PART, NCP_FIRMWARE, USER_PART, NONE } = ModuleFunction;

const needs = (kind: number, index: number, version: number) => ({ function: kind, index, version });

function inLibrary(kind: number, version: number, dependencies: LibraryModule['dependencies'] = []): LibraryModule {
  const rest = { name: '', hash: '', platformId: 32, size: 1, uploadedBy: '', uploadedAt: 0 };
  return { ...rest, id: `${kind} ${version}`, ...needs(kind, kind === BOOTLOADER ? 0 : 1, version), dependencies };
}

function onDevice(kind: number, version: number, changes: Partial<FirmwareModule> = {}): FirmwareModule {
  const flags = { checkedFlags: ModuleValidity.INTEGRITY, passedFlags: ModuleValidity.INTEGRITY };
  const rest = { store: ModuleStore.MAIN, maxSize: 0, size: 0, dependencies: [], assetDependencies: [] };
  return { ...rest, ...flags, ...needs(kind, kind === BOOTLOADER ? 0 : 1, version), ...changes };
}

const device = (...modules: FirmwareModule[]): SystemDescribe => ({ modules, assets: [], protectedState: false });
const application = (...dependencies: LibraryModule['dependencies']) => ({ dependencies });
const ids = ({ modules }: { readonly modules: readonly LibraryModule[] }) => modules.map(({ id }) => id);

const LIBRARY = [
  inLibrary(SYSTEM_PART, 6300, [needs(BOOTLOADER, 0, 2400)]),
  inLibrary(SYSTEM_PART, 6100, [needs(BOOTLOADER, 0, 2201)]),
  inLibrary(SYSTEM_PART, 6200, [needs(BOOTLOADER, 0, 2300), needs(NCP_FIRMWARE, 1, 5)]),
  inLibrary(BOOTLOADER, 2400),
  inLibrary(BOOTLOADER, 2300),
  inLibrary(NCP_FIRMWARE, 5),
];

describe('modules that a device lacks', () => {
  it('are the lowest versions that do, with what they need, in the order of need', () => {
    const lacking = lackingModules(
      device(onDevice(SYSTEM_PART, 5000), onDevice(BOOTLOADER, 2201)),
      application(needs(SYSTEM_PART, 1, 6150)),
      LIBRARY,
    );
    expect(ids(lacking)).toEqual(['2 2300', '7 5', '4 6200']);
    expect(lacking.missing).toEqual([]);
  });

  it('are none when the device has them, or newer ones', () => {
    const newer = device(onDevice(SYSTEM_PART, 6300), onDevice(BOOTLOADER, 1));
    expect(lackingModules(newer, application(needs(SYSTEM_PART, 1, 6150)), LIBRARY)).toEqual({
      modules: [],
      missing: [],
    });
    const exact = device(onDevice(SYSTEM_PART, 6150));
    expect(ids(lackingModules(exact, application(needs(SYSTEM_PART, 1, 6150), needs(NONE, 0, 0)), LIBRARY))).toEqual(
      [],
    );
  });

  it('leaves alone what is new enough below', () => {
    const lacking = lackingModules(
      device(onDevice(SYSTEM_PART, 5000), onDevice(BOOTLOADER, 2500), onDevice(NCP_FIRMWARE, 5)),
      application(needs(SYSTEM_PART, 1, 6200)),
      LIBRARY,
    );
    expect(ids(lacking)).toEqual(['4 6200']);
  });

  it('takes one version that satisfies all that need it', () => {
    const lacking = lackingModules(
      device(onDevice(USER_PART, 1)),
      application(needs(BOOTLOADER, 0, 2000), needs(SYSTEM_PART, 1, 6250)),
      LIBRARY,
    );
    expect(ids(lacking)).toEqual(['2 2400', '4 6300']);
  });

  it('says what the library lacks as well, also below', () => {
    const old = device(onDevice(SYSTEM_PART, 5000));
    expect(lackingModules(old, application(needs(SYSTEM_PART, 1, 7000)), LIBRARY)).toEqual({
      modules: [],
      missing: [needs(SYSTEM_PART, 1, 7000)],
    });
    const withoutNcp = LIBRARY.filter((module) => module.function !== NCP_FIRMWARE);
    const lacking = lackingModules(old, application(needs(SYSTEM_PART, 1, 6200)), withoutNcp);
    expect(lacking.missing).toEqual([needs(NCP_FIRMWARE, 1, 5)]);
  });

  it('counts a broken module, and one that is only a copy, as absent', () => {
    const broken = device(onDevice(SYSTEM_PART, 6300), onDevice(BOOTLOADER, 2400, { passedFlags: 0 }));
    expect(ids(lackingModules(broken, application(needs(BOOTLOADER, 0, 2300)), LIBRARY))).toEqual(['2 2300']);
    const copy = device(onDevice(BOOTLOADER, 2400, { store: ModuleStore.FACTORY }));
    expect(ids(lackingModules(copy, application(needs(BOOTLOADER, 0, 2300)), LIBRARY))).toEqual(['2 2300']);
  });

  it('are not known of a device that described no modules', () => {
    const wanted = application(needs(SYSTEM_PART, 1, 7000));
    for (const nothing of [null, device()]) {
      expect(lackingModules(nothing, wanted, LIBRARY)).toEqual({ modules: [], missing: [] });
    }
  });

  it('ends when modules need each other in a circle', () => {
    const circle = [
      inLibrary(SYSTEM_PART, 2, [needs(BOOTLOADER, 0, 2)]),
      inLibrary(BOOTLOADER, 2, [needs(SYSTEM_PART, 1, 2)]),
    ];
    const old = device(onDevice(SYSTEM_PART, 1));
    expect(
      ids(lackingModules(old, application(needs(SYSTEM_PART, 1, 1), needs(BOOTLOADER, 0, 1)), circle)).sort(),
    ).toEqual(['2 2', '4 2']);
  });

  it('are found for a device in safe mode by what its own modules need', () => {
    const app = onDevice(USER_PART, 6, { dependencies: [needs(SYSTEM_PART, 1, 6200)] });
    const copy = onDevice(USER_PART, 6, { store: ModuleStore.BACKUP, dependencies: [needs(SYSTEM_PART, 1, 9000)] });
    const safeMode = device(
      app,
      copy,
      onDevice(SYSTEM_PART, 5000),
      onDevice(BOOTLOADER, 2400),
      onDevice(NCP_FIRMWARE, 9),
    );
    expect(storedDescribe({ systemDescribe: JSON.stringify(safeMode) })).toEqual(safeMode);
    expect(storedDescribe({ systemDescribe: null })).toBeNull();
    expect(lackingModules(safeMode, needsOfDevice(safeMode), LIBRARY)).toEqual({
      modules: [LIBRARY[2]],
      missing: [],
    });
  });
});
