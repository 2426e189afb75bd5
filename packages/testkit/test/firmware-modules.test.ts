import { deflateRawSync } from 'node:zlib';
import type { FirmwareImage } from '@cloudchamber/gateway';
import { minutes } from '@cloudchamber/kernel';
import { type DeviceProfile, deviceOs62 } from '@cloudchamber/virtual-device';
import {
  assetDependency,
  buildAssetModule,
  combineModules,
  compressModule,
  HelloFlag,
  ModuleFunction,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';

const BOOTLOADER = { function: ModuleFunction.BOOTLOADER, index: 0, version: 3100 };
const SYSTEM = { function: ModuleFunction.SYSTEM_PART, index: 1, version: 6300 };
const bootloader = sampleApplication(deviceOs62, 3000, BOOTLOADER);
const system = sampleApplication(deviceOs62, 9000, { ...SYSTEM, dependencies: [BOOTLOADER] });
const application = sampleApplication(deviceOs62, 4000, { dependencies: [SYSTEM] });
const asset = (name: string, content: Buffer): FirmwareImage => ({
  data: buildAssetModule(name, content),
  moduleFunction: ModuleFunction.ASSET,
});

async function update(images: readonly FirmwareImage[], profile: DeviceProfile = deviceOs62) {
  const site = new DeviceSite();
  const made = await site.connected({ profile });
  const started = site.gateway.commands.updateFirmware(made.device.deviceId, { id: 'u', images });
  started.catch(() => {});
  await site.until(minutes(20), () => site.ports.updateResults.length > 0);
  return { site, made, result: site.ports.updateResults[0]?.result };
}

describe('an update of several files', () => {
  it('goes from module to module, with a restart after each', async () => {
    const { site, made, result } = await update([bootloader, system, application]);
    expect(result).toEqual({ outcome: 'succeeded' });
    const { firmware, device, changes } = made;
    expect(firmware.module(BOOTLOADER.function, 0)?.version).toBe(3100);
    expect(firmware.module(SYSTEM.function, 1)?.version).toBe(6300);
    expect(firmware.module(ModuleFunction.USER_PART, 1)?.version).toBe(1234);
    expect(device.stats).toMatchObject({ updates: 3, handshakes: 1 });
    expect(changes.filter(({ end }) => end === 'restarting')).toHaveLength(3);
    expect(site.ports.attempts.at(-1)?.hello.systemVersion).toBe(6300);
  });

  it('ends at the first that the device refuses: a system without its bootloader', async () => {
    const { made, result } = await update([system, bootloader]);
    expect(result).toMatchObject({ outcome: 'failed', reason: 'refused', message: expect.stringContaining('depends') });
    expect(made.device.stats.updates).toBe(0);
  });

  it('brings the application and then its assets, which need no restart', async () => {
    const contents = [Buffer.from('meow'.repeat(1000)), Buffer.from('woof')];
    const [cat, dog] = contents.map((content) => sha256(content).toString('hex'));
    const extensions = [assetDependency({ name: 'cat', hash: cat! }), assetDependency({ name: 'dog', hash: dog! })];
    const bundle = sampleApplication(deviceOs62, 4000, { extensions });
    const { site, made, result } = await update([bundle, asset('cat', contents[0]!), asset('dog', contents[1]!)]);
    expect(result).toEqual({ outcome: 'succeeded' });
    expect(made.firmware.assets).toMatchObject([
      { name: 'cat', hash: cat },
      { name: 'dog', hash: dog },
    ]);
    expect(made.changes.filter(({ end }) => end === 'restarting')).toHaveLength(1);
    const asked = site.gateway.commands.requestDescribe(made.device.deviceId, 'system');
    await site.clock.elapse(100);
    await asked;
    expect(site.ports.descriptions.at(-1)?.description).toMatchObject({
      system: { assets: [{ hash: cat }, { hash: dog }] },
    });
  });
});

describe('compressed and combined files', () => {
  const compressed = {
    moduleFunction: ModuleFunction.USER_PART,
    data: compressModule(readModule(sampleApplication(deviceOs62, 20_000).data), deflateRawSync).bytes,
  };
  const combined = {
    moduleFunction: ModuleFunction.SYSTEM_PART,
    data: combineModules([bootloader, system].map(({ data }) => readModule(data))),
  };

  it.each([
    ['a compressed one', compressed, ModuleFunction.USER_PART, 1234],
    ['a combined one', combined, SYSTEM.function, 6300],
  ])('%s becomes what it stands for', async (_what, image, kind, version) => {
    const { made, result } = await update([image]);
    expect(result).toEqual({ outcome: 'succeeded' });
    expect(made.firmware.module(kind, 1)?.version).toBe(version);
  });

  it.each([
    ['a compressed one', compressed],
    ['a combined one', combined],
  ])('%s is refused by a device that does not say that it takes them', async (_what, image) => {
    const profile = { ...deviceOs62, name: 'plain', helloFlags: deviceOs62.helloFlags & ~HelloFlag.COMPRESSED_OTA };
    const { made, result } = await update([image], profile);
    expect(result).toMatchObject({ outcome: 'failed', reason: 'refused' });
    expect(made.device.stats.updates).toBe(0);
  });
});
