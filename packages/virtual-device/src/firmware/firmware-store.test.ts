import { assetDependency, buildAssetModule, buildModule, ModuleFunction, readModule, sha256 } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import type { FirmwareStorage } from './firmware-storage.ts';
import { FirmwareStore } from './firmware-store.ts';

const CAT = Buffer.from('meow'.repeat(1000));
const cat = { name: 'cat', hash: sha256(CAT).toString('hex') };
const system = buildModule({ function: ModuleFunction.SYSTEM_PART, version: 6300, platformId: 32, content: CAT });
const application = buildModule({
  function: ModuleFunction.USER_PART,
  version: 7,
  platformId: 32,
  content: Buffer.alloc(100_000, 7),
  dependencies: [{ function: ModuleFunction.SYSTEM_PART, index: 1, version: 6300 }],
  extensions: [assetDependency(cat)],
  product: { id: 900, version: 4 },
});

function memory(): FirmwareStorage & { bytes: Uint8Array | undefined } {
  const kept: ReturnType<typeof memory> = {
    bytes: undefined,
    load: () => kept.bytes,
    save: (bytes) => {
      kept.bytes = bytes;
    },
  };
  return kept;
}

function installed(storage: FirmwareStorage): FirmwareStore {
  const store = new FirmwareStore(storage);
  for (const file of [system, application, buildAssetModule('cat', CAT)]) store.install([readModule(file)]);
  return store;
}

describe('a firmware store', () => {
  it('is the same for the next process, without the images', () => {
    const storage = memory();
    const before = installed(storage);
    const after = new FirmwareStore(storage);
    expect(after.modules([])).toEqual(before.modules([]));
    expect(after.modules([])).toHaveLength(2);
    expect(after.assets).toEqual(before.assets);
    expect(after.assets).toMatchObject([cat]);
    expect(after).toMatchObject({ updated: true, product: { id: 900, version: 4 }, partial: undefined });
    expect(storage.bytes?.length).toBeLessThan(500);
  });

  it('forgets the success of the last update when a later one fails', () => {
    const storage = memory();
    const store = installed(storage);
    store.partial = { sha256: '', data: Buffer.alloc(10), received: 10 };
    store.reject();
    expect(store.partial).toBeUndefined();
    expect(new FirmwareStore(storage)).toMatchObject({ updated: false, product: { id: 900, version: 4 } });
  });

  it('knows of no product any more when an application of none has come', () => {
    const storage = memory();
    const store = installed(storage);
    const plain = { function: ModuleFunction.USER_PART, version: 8, platformId: 32, content: CAT };
    store.install([readModule(buildModule(plain))]);
    expect(store.product).toBeUndefined();
    expect(new FirmwareStore(storage).product).toBeUndefined();
    expect(new FirmwareStore(storage).assets).toEqual([]);
  });

  it('begins anew with what it cannot read', () => {
    const storage = memory();
    installed(storage);
    const whole = Buffer.from(storage.bytes ?? []);
    for (const bytes of [Buffer.alloc(0), Buffer.of(9, ...whole.subarray(1)), whole.subarray(0, 3)]) {
      const store = new FirmwareStore({ load: () => bytes, save: () => {} });
      expect(store.modules([])).toEqual([]);
      expect(store.updated).toBe(false);
    }
  });
});
