import type { FirmwareImage } from '@cloudchamber/gateway';
import { minutes, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, deviceOs62, memoryStorage, PROFILES, TCP_PROFILES } from '@cloudchamber/virtual-device';
import { ModuleFunction, readModule } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';

const profile = (name: string): DeviceProfile => {
  const found = PROFILES.get(name) ?? TCP_PROFILES.get(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
};
/** An old board, as if it were the first of all: slow mode only. */
const core: DeviceProfile = { ...profile('device-os-0.5'), name: 'core', platformId: 0, keepAliveMs: seconds(25) };
const UDP_MODES = [
  { mode: 'v3', generation: deviceOs62 },
  { mode: 'legacy fast', generation: profile('device-os-1.5') },
  { mode: 'legacy slow', generation: core },
];
const MODES = [...UDP_MODES, { mode: 'legacy fast over TCP', generation: profile('device-os-2.3-tcp') }];

const userModule = ({ firmware }: SiteDevice) => firmware.module(ModuleFunction.USER_PART, 1);

/** Begins an update; resolves when the device has taken it. */
async function begin(site: DeviceSite, { device }: SiteDevice, images: readonly FirmwareImage[]): Promise<void> {
  const started = site.gateway.commands.updateFirmware(device.deviceId, { id: 'u1', images });
  started.catch(() => {});
  await site.clock.elapse(50);
  return started;
}

/** Lets time go on until the update ends. @returns its result */
async function ended(site: DeviceSite, limitMs = minutes(10)) {
  await site.until(limitMs, () => site.ports.updateResults.length > 0);
  return site.ports.updateResults[0]?.result;
}

/** Lets time go on until the device has some of the image, and not all of it. In the fast mode nobody hears of it before the end. */
async function midway(site: DeviceSite, { device, firmware }: SiteDevice, image: FirmwareImage): Promise<void> {
  const bytes = () => site.gateway.commands.updateProgress(device.deviceId)?.bytes ?? 0;
  const begun = site.clock.monotonic();
  while (bytes() < image.data.length / 4 && site.clock.monotonic() - begun < 1000) await site.clock.elapse(5);
  expect(bytes()).toBeLessThan(image.data.length);
  expect(firmware.updated).toBe(false);
}

describe.each(MODES)('a firmware update, $mode', ({ generation }) => {
  it('reaches the device, which restarts into it and says so', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const image = sampleApplication(generation, 40_000);
    await begin(site, made, [image]);
    expect(await ended(site)).toEqual({ outcome: 'succeeded' });
    expect(userModule(made)).toMatchObject({ version: 1234, hash: readModule(image.data).suffix.hash });
    expect(made.device.stats.updates).toBe(1);
    expect(made.changes.map(({ end }) => end)).toContain('restarting');
    expect(site.ports.attempts.at(-1)?.hello.flags).toBe(generation.helloFlags | 1);
    await site.clock.elapse(seconds(2));
    const described = site.ports.descriptions.findLast(({ description }) => description.kind !== 'application');
    const module = expect.objectContaining({ function: ModuleFunction.USER_PART, version: 1234 });
    expect(described?.description).toMatchObject({ system: { modules: expect.arrayContaining([module]) } });
    expect(site.gateway.commands.updateProgress(made.device.deviceId)).toBeUndefined();
    expect(site.ports.updateProgress.at(-1)?.progress).toMatchObject({ image: 1, images: 1, bytes: image.data.length });
  });

  it('is over as soon as the device says that it has restarted with it', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    await begin(site, made, [sampleApplication(generation, 3000)]);
    await site.until(minutes(1), () => site.ports.attempts.length === 2);
    const restartedAt = site.clock.monotonic();
    expect(await ended(site)).toEqual({ outcome: 'succeeded' });
    expect(site.clock.monotonic() - restartedAt).toBeLessThanOrEqual(500);
  });

  it('a second one follows the first', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    for (const version of [2, 3]) {
      site.ports.updateResults.length = 0;
      await begin(site, made, [sampleApplication(generation, 3000, { version })]);
      expect(await ended(site)).toEqual({ outcome: 'succeeded' });
      expect(userModule(made)?.version).toBe(version);
    }
    expect(made.device.stats.updates).toBe(2);
  });

  it.each([
    [
      'for another platform',
      (image: FirmwareImage) => sampleApplication(generation, image.data.length, { platformId: 99 }).data,
    ],
    ['with a wrong bit', (image: FirmwareImage) => image.data.map((byte, at) => (at === 1000 ? byte ^ 1 : byte))],
    ['that is no module', (image: FirmwareImage) => image.data.map(() => 7)],
  ])('an image %s is not accepted', async (_what, spoil) => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const image = sampleApplication(generation, 3000);
    await begin(site, made, [{ ...image, data: spoil(image) }]);
    expect(await ended(site)).toMatchObject({ outcome: 'failed', reason: 'refused' });
    expect(userModule(made)).toBeUndefined();
    await site.until(minutes(1), () => made.device.state === 'connected');
    expect(made.device.stats.updates).toBe(0);
  });

  it('starts at a connected device only, one at a time', async () => {
    const site = new DeviceSite();
    const { gateway } = site;
    const image = sampleApplication(generation, 40_000);
    const known = site.device({ profile: generation });
    await expect(begin(site, known, [image])).rejects.toMatchObject({ code: 'device.not_connected' });
    const made = await site.connected({ profile: generation });
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await begin(site, made, [image]);
    await expect(begin(site, made, [image])).rejects.toMatchObject({ code: 'device.updating' });
    await expect(made.device.publish('temp')).rejects.toMatchObject({ code: 'device.busy' });
    gateway.commands.cancelUpdate(made.device.deviceId);
    expect(await ended(site)).toMatchObject({ outcome: 'failed', reason: 'cancelled' });
  });
});

describe.each(UDP_MODES)('a firmware update at a device that has gone without a word, $mode', ({ generation }) => {
  it('has never begun when the device is back with a handshake', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const { conditions } = site.network;
    site.network.conditions = { ...conditions, loss: 1 };
    const started = begin(site, made, [sampleApplication(generation, 3000)]);
    started.catch(() => {});
    void made.device.disconnect({ timeoutMs: 0 });
    await site.clock.elapse(seconds(1));
    site.network.conditions = conditions;
    await site.connected({ profile: generation, like: { ...made, storage: memoryStorage() } });
    await expect(started).rejects.toMatchObject({ code: 'device.not_connected' });
    expect(site.ports.updateResults).toEqual([]);
  });
});

describe.each(UDP_MODES)('a firmware update that another process began, $mode', ({ generation }) => {
  it('is over when the device comes back with the image that that one has sent, which it gets once', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const { conditions } = site.network;
    site.network.conditions = { ...conditions, loss: 1 };
    const image = sampleApplication(generation, 3000);
    site.gateway.commands.resumeUpdate(made.device.deviceId, { id: 'u1', images: [image] });
    await site.clock.elapse(seconds(1));
    made.firmware.install([readModule(image.data)]);
    void made.device.disconnect({ timeoutMs: 0 });
    await site.clock.elapse(seconds(1));
    site.network.conditions = conditions;
    const again = await site.connected({ profile: generation, like: { ...made, storage: memoryStorage() } });
    expect(await ended(site, seconds(10))).toEqual({ outcome: 'succeeded' });
    expect(again.device.stats.updates).toBe(0);
  });

  it('goes on when the device comes back without it', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const { conditions } = site.network;
    site.network.conditions = { ...conditions, loss: 1 };
    site.gateway.commands.resumeUpdate(made.device.deviceId, {
      id: 'u1',
      images: [sampleApplication(generation, 3000)],
    });
    void made.device.disconnect({ timeoutMs: 0 });
    await site.clock.elapse(seconds(2));
    site.network.conditions = conditions;
    const again = await site.connected({ profile: generation, like: { ...made, storage: memoryStorage() } });
    expect(await ended(site)).toEqual({ outcome: 'succeeded' });
    expect(again.device.stats.updates).toBe(1);
  });
});

describe.each(UDP_MODES)('an interrupted firmware update, $mode', ({ mode, generation }) => {
  const image = sampleApplication(generation, 40_000);

  it.each([
    [
      'the device restarts',
      async (site: DeviceSite, made: SiteDevice) => {
        void made.device.disconnect({ timeoutMs: 0 });
        await site.clock.elapse(seconds(10));
        const again = site.device({ profile: generation, like: made });
        void again.device.connect();
        return again;
      },
    ],
    [
      'the network is gone for three minutes',
      async (site: DeviceSite, made: SiteDevice) => {
        const { conditions } = site.network;
        site.network.conditions = { ...conditions, loss: 1 };
        await site.clock.elapse(minutes(3));
        site.network.conditions = conditions;
        return made;
      },
    ],
  ])('goes on when %s', async (_what, interrupt) => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await begin(site, made, [image]);
    await midway(site, made, image);
    const before = site.ports.updateProgress.length;
    const again = await interrupt(site, made);
    expect(await ended(site, minutes(30))).toEqual({ outcome: 'succeeded' });
    expect(userModule(again)?.version).toBe(1234);
    const resumedAt = site.ports.updateProgress.slice(before).find(({ progress }) => progress.bytes > 0)
      ?.progress.bytes;
    if (mode === 'v3') expect(resumedAt).toBeGreaterThanOrEqual(image.data.length / 4);
  });

  it('goes on after a restart of the server', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await begin(site, made, [image]);
    await midway(site, made, image);
    await site.restartGateway();
    expect(site.ports.updateResults).toEqual([]);
    const before = site.ports.updateProgress.length;
    site.gateway.commands.resumeUpdate(made.device.deviceId, { id: 'u1', images: [image] });
    expect(await ended(site, minutes(30))).toEqual({ outcome: 'succeeded' });
    expect(userModule(made)?.version).toBe(1234);
    expect(made.device.stats.updates).toBe(1);
    const first = site.ports.updateProgress[before]?.progress.bytes;
    if (mode === 'v3') expect(first).toBeGreaterThanOrEqual(image.data.length / 4);
  });

  it('ends when the device does not come back', async () => {
    const site = new DeviceSite(1, { updatePatienceMs: minutes(5) });
    const made = await site.connected({ profile: generation });
    await begin(site, made, [image]);
    site.network.conditions = { ...site.network.conditions, loss: 1 };
    expect(await ended(site, minutes(60))).toMatchObject({ outcome: 'failed', reason: 'device_gone' });
  });
});

describe('firmware update v3', () => {
  it('does not start with more than the device has room for', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: { ...deviceOs62, name: 'small', maxBinarySize: 19_000 } });
    const image = sampleApplication(deviceOs62, 20_000);
    await expect(begin(site, made, [image])).rejects.toMatchObject({ code: 'device.rejected' });
    expect(made.firmware.partial).toBeUndefined();
  });

  it('sends everything anew when what the device kept is spoiled', async () => {
    const site = new DeviceSite();
    const made = await site.connected();
    const image = sampleApplication(deviceOs62, 20_000);
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await begin(site, made, [image]);
    await midway(site, made, image);
    made.firmware.partial?.data.fill(0, 0, 100);
    void made.device.disconnect({ timeoutMs: 0 });
    await site.clock.elapse(seconds(1));
    void made.device.connect();
    expect(await ended(site)).toEqual({ outcome: 'succeeded' });
    expect(userModule(made)?.version).toBe(1234);
  });

  it('cancelled, leaves nothing on the device, which publishes again', async () => {
    const site = new DeviceSite();
    const made = await site.connected();
    const image = sampleApplication(deviceOs62, 20_000);
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await begin(site, made, [image]);
    await midway(site, made, image);
    site.gateway.commands.cancelUpdate(made.device.deviceId);
    await site.clock.elapse(seconds(1));
    expect(made.firmware.partial).toBeUndefined();
    const published = made.device.publish('temp', '21');
    await site.clock.elapse(100);
    await published;
    expect(made.device.state).toBe('connected');
  });
});
