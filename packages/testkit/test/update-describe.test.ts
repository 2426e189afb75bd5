import { minutes, seconds } from '@cloudchamber/kernel';
import { PROFILES, TCP_PROFILES } from '@cloudchamber/virtual-device';
import {
  assetDependency,
  buildAssetModule,
  ModuleFunction,
  ModuleValidity,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';

const GENERATIONS = [...PROFILES.values(), ...TCP_PROFILES.values()];
const WITH_ASSETS = GENERATIONS.filter(({ systemVersion }) => systemVersion >= 5500);
const echoIs = (state: 'missing' | 'there') => (state === 'there' ? expect.arrayContaining(['echo']) : []);

type Images = readonly ReturnType<typeof sampleApplication>[];

async function updated(site: DeviceSite, { device }: SiteDevice, images: Images) {
  site.ports.updateResults.length = 0;
  const started = site.gateway.commands.updateFirmware(device.deviceId, { id: 'u', images });
  started.catch(() => {});
  await site.until(minutes(10), () => site.ports.updateResults.length > 0);
  expect(site.ports.updateResults[0]?.result).toEqual({ outcome: 'succeeded' });
  await site.clock.elapse(seconds(5));
}

/** What the device says of its system when it is asked now. */
async function systemOf(site: DeviceSite, { device }: SiteDevice) {
  const asked = site.gateway.commands.requestDescribe(device.deviceId, 'system');
  await site.clock.elapse(500);
  await asked;
  const { description } = site.ports.descriptions.at(-1) ?? {};
  if (description === undefined || !('system' in description)) throw new Error('no system part came');
  return description.system;
}

function applicationOf(site: DeviceSite) {
  const last = site.ports.descriptions.findLast(({ description }) => 'application' in description)?.description;
  return last !== undefined && 'application' in last ? last.application.functions : undefined;
}

describe.each(GENERATIONS)('what $name says of its firmware', (generation) => {
  const { function: kind, index } = generation.modules.find(
    (module) => module.function === ModuleFunction.SYSTEM_PART,
  )!;
  const present = { function: kind, index, version: generation.systemVersion };
  const newer = { ...present, version: generation.systemVersion + 1 };

  it('is what the last update brought, with what that depends on', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const image = sampleApplication(generation, 3000, { version: 5, dependencies: [present] });
    await updated(site, made, [image]);
    const { modules } = await systemOf(site, made);
    const user = modules.find((module) => module.function === ModuleFunction.USER_PART);
    expect(user).toMatchObject({ index: 1, version: 5, hash: readModule(image.data).suffix.hash });
    expect(user?.dependencies).toEqual([present]);
    expect(user?.passedFlags).toBe(user?.checkedFlags);
    expect(modules).toHaveLength(generation.modules.length + 1);
    expect(applicationOf(site)).toEqual(echoIs('there'));
  });

  it('is safe mode when the application needs a newer system, until that comes', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const safeModes = () => site.ports.published.filter(({ name }) => name === 'spark/device/safemode').length;
    await updated(site, made, [sampleApplication(generation, 3000, { dependencies: [newer] })]);
    expect(made.device.safeMode).toBe(true);
    expect(safeModes()).toBe(1);
    const lacking = await systemOf(site, made);
    const user = lacking.modules.find((module) => module.function === ModuleFunction.USER_PART);
    expect(user?.dependencies).toEqual([newer]);
    expect((user?.checkedFlags ?? 0) & ~(user?.passedFlags ?? 0)).toBe(
      ModuleValidity.DEPENDENCIES | ModuleValidity.FULL_DEPENDENCIES,
    );
    expect(applicationOf(site)).toEqual(echoIs('missing'));
    await updated(site, made, [sampleApplication(generation, 4000, newer)]);
    expect(made.device.safeMode).toBe(false);
    expect(safeModes()).toBe(1);
    const { modules } = await systemOf(site, made);
    expect(modules.every(({ checkedFlags, passedFlags }) => checkedFlags === passedFlags)).toBe(true);
    await systemOf(site, made);
    expect(applicationOf(site)).toEqual(echoIs('there'));
  });
});

describe.each(WITH_ASSETS)('the assets of $name', (generation) => {
  it('are described, and those that a new application does not name are gone', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const named = ['cat', 'dog'].map((name) => ({ name, hash: sha256(Buffer.from(name)).toString('hex') }));
    const bundle = (assets: typeof named) =>
      sampleApplication(generation, 3000, { extensions: assets.map(assetDependency), version: assets.length });
    const images = named.map(({ name }) => ({
      data: buildAssetModule(name, Buffer.from(name)),
      moduleFunction: ModuleFunction.ASSET,
    }));
    await updated(site, made, [bundle(named), ...images]);
    const both = await systemOf(site, made);
    expect(both.assets).toMatchObject(named);
    const user = both.modules.find((module) => module.function === ModuleFunction.USER_PART);
    expect(user?.assetDependencies).toMatchObject(named);
    await updated(site, made, [bundle(named.slice(1))]);
    expect((await systemOf(site, made)).assets).toMatchObject(named.slice(1));
    await updated(site, made, [bundle([])]);
    expect((await systemOf(site, made)).assets).toEqual([]);
  });
});
