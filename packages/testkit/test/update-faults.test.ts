import type { FirmwareImage } from '@cloudchamber/gateway';
import { minutes, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, deviceOs62, PROFILES, TCP_PROFILES, type UpdateFault } from '@cloudchamber/virtual-device';
import { HelloFlag, ModuleFunction } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { type DeviceSettings, DeviceSite, type SiteDevice } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';

const profile = (name: string): DeviceProfile => {
  const found = PROFILES.get(name) ?? TCP_PROFILES.get(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
};
/** The first board of all: slow mode only. */
const core: DeviceProfile = { ...profile('device-os-0.5'), name: 'core', platformId: 0, keepAliveMs: seconds(25) };
const MODES = [
  { mode: 'v3', generation: deviceOs62 },
  { mode: 'legacy fast', generation: profile('device-os-1.5') },
  { mode: 'legacy slow', generation: core },
  { mode: 'legacy fast over TCP', generation: profile('device-os-2.3-tcp') },
];
const BYTES = 10_000;

const application = (generation: DeviceProfile, version = 2): FirmwareImage =>
  sampleApplication(generation, BYTES, { version, product: { id: 900, version } });

async function flash(site: DeviceSite, { device }: SiteDevice, image: FirmwareImage): Promise<void> {
  const started = site.gateway.commands.updateFirmware(device.deviceId, { id: 'u', images: [image] });
  started.catch(() => {});
  await site.clock.elapse(50);
  return started;
}

/** Lets time go on until the update ends. @returns its result and how long it took, in ms */
async function ended(site: DeviceSite, limitMs = minutes(30)) {
  const took = await site.until(limitMs, () => site.ports.updateResults.length > 0);
  return { took, result: site.ports.updateResults.shift()?.result };
}

async function siteWith(generation: DeviceProfile, options: DeviceSettings['options']) {
  const site = new DeviceSite();
  const made = await site.connected({ profile: generation, options });
  return { site, made };
}

const versionOf = ({ firmware }: SiteDevice) => firmware.module(ModuleFunction.USER_PART, 1)?.version;
const lastHello = (site: DeviceSite) => site.ports.attempts.at(-1)?.hello;

describe.each(MODES)('a device that was told to fail, $mode', ({ generation }) => {
  const told = (updateFault: UpdateFault) => siteWith(generation, { updateFault });

  it('announces its product in Hello once it has taken an application of one, and takes it back with the next', async () => {
    const { site, made } = await siteWith(generation, { productId: 7, productVersion: 1 });
    expect(lastHello(site)).toMatchObject({ productId: 7, productVersion: 1 });
    for (const version of [2, 3]) {
      await flash(site, made, application(generation, version));
      expect((await ended(site)).result).toEqual({ outcome: 'succeeded' });
      expect(lastHello(site)).toMatchObject({ productId: 900, productVersion: version });
    }
    await flash(site, made, sampleApplication(generation, 3000));
    expect((await ended(site)).result).toEqual({ outcome: 'succeeded' });
    expect(lastHello(site)).toMatchObject({ productId: 7, productVersion: 1 });
  });

  it('says once that an update was applied, and nothing of it at a later handshake', async () => {
    const { site, made } = await siteWith(generation, {});
    await flash(site, made, application(generation));
    expect((await ended(site)).result).toEqual({ outcome: 'succeeded' });
    expect(lastHello(site)?.flags).toBe(generation.helloFlags | HelloFlag.OTA_SUCCESSFUL);
    const leaving = made.device.disconnect();
    await site.clock.elapse(seconds(1));
    await leaving;
    made.storage.erase();
    void made.device.connect();
    await site.clock.elapse(seconds(1));
    expect(lastHello(site)).toMatchObject({ flags: generation.helloFlags, productVersion: 2 });
  });

  it.each([undefined, -1310])('refuse (%s): answers the start with its code, and stays as it is', async (code) => {
    const { site, made } = await told({ kind: 'refuse', code });
    await expect(flash(site, made, application(generation))).rejects.toMatchObject({
      code: 'device.rejected',
      message: 'the device was told to refuse updates',
    });
    expect(made.device.state).toBe('connected');
    expect(versionOf(made)).toBeUndefined();
    expect(made.firmware.partial).toBeUndefined();
  });

  it('bad-flash: takes everything, and finds that it is not sound', async () => {
    const { site, made } = await told({ kind: 'bad-flash' });
    await flash(site, made, application(generation));
    const { result } = await ended(site);
    expect(result).toMatchObject({ outcome: 'failed', reason: 'refused', message: 'the integrity check failed' });
    expect(made.firmware.partial).toBeUndefined();
    expect(versionOf(made)).toBeUndefined();
    expect(made.device.stats.updates).toBe(0);
  });

  it('never-return: takes the image and is gone, until somebody brings it back as it was', async () => {
    const { site, made } = await told({ kind: 'never-return' });
    await flash(site, made, application(generation));
    await site.until(minutes(2), () => made.device.state === 'offline');
    const attempts = site.ports.attempts.length;
    await site.clock.elapse(minutes(20));
    expect(site.ports.attempts).toHaveLength(attempts);
    expect(made.device.state).toBe('offline');
    expect(site.ports.updateResults).toHaveLength(0);
    made.device.setUpdateFault(undefined);
    void made.device.connect();
    expect((await ended(site)).result).toEqual({ outcome: 'succeeded' });
    expect(versionOf(made)).toBe(2);
  });

  it('stale: restarts without the new version, and says nothing of success', async () => {
    const { site, made } = await told({ kind: 'stale' });
    await flash(site, made, application(generation));
    const { result } = await ended(site);
    expect(result).toMatchObject({ outcome: 'failed', reason: 'not_applied' });
    expect(made.changes.filter(({ end }) => end === 'restarting').length).toBeGreaterThan(0);
    expect(lastHello(site)).toMatchObject({ productVersion: 0xffff, flags: generation.helloFlags });
    expect(versionOf(made)).toBeUndefined();
    expect(made.device.state).toBe('connected');
  });

  it('no-restart: takes the image, stays, and goes on with what it had', async () => {
    const { site, made } = await told({ kind: 'no-restart' });
    await flash(site, made, application(generation));
    const { result } = await ended(site);
    // A device on v3 has checked the image and may restart whenever it likes.
    const isV3 = (generation.helloFlags & HelloFlag.OTA_V3) !== 0;
    expect(result?.outcome).toBe(isV3 ? 'succeeded' : 'failed');
    expect(made.changes.filter(({ end }) => end !== undefined)).toHaveLength(0);
    expect(versionOf(made)).toBeUndefined();
    expect(made.firmware.partial).toBeUndefined();
  });

  it('slow: takes no more bytes than so many a second, and gets there', async () => {
    const { site, made } = await told({ kind: 'slow', bytesPerSecond: 1000 });
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await flash(site, made, application(generation));
    const { took, result } = await ended(site);
    expect(result).toEqual({ outcome: 'succeeded' });
    expect(took).toBeGreaterThan(seconds(BYTES / 1000 - 2));
    expect(took).toBeLessThan(minutes(3));
    expect(versionOf(made)).toBe(2);
  });

  it('takes updates again when it is told so', async () => {
    const { site, made } = await told({ kind: 'refuse' });
    await expect(flash(site, made, application(generation))).rejects.toMatchObject({ code: 'device.rejected' });
    made.device.setUpdateFault(undefined);
    await flash(site, made, application(generation));
    expect((await ended(site)).result).toEqual({ outcome: 'succeeded' });
    expect(versionOf(made)).toBe(2);
  });
});

describe('a share of a fleet that is to fail', () => {
  const chosen = (seed: number, percent: number) => {
    const site = new DeviceSite(seed);
    const updateFault: UpdateFault = { kind: 'stale', percent };
    const made = Array.from({ length: 400 }, () => site.device({ options: { updateFault }, registered: false }));
    return made.map(({ device }) => device.updateFault !== undefined);
  };

  it('is drawn from the entropy of each device: the same every time', () => {
    expect(chosen(5, 10)).toEqual(chosen(5, 10));
    expect(chosen(5, 10)).not.toEqual(chosen(6, 10));
    const count = chosen(5, 10).filter(Boolean).length;
    expect(count).toBeGreaterThan(20);
    expect(count).toBeLessThan(60);
  });

  it('is nobody at 0 and everybody at 100', () => {
    expect(chosen(5, 0)).not.toContain(true);
    expect(chosen(5, 100)).not.toContain(false);
  });
});

describe('a device whose application forbids updates', () => {
  const flags = ({ ports }: DeviceSite) =>
    ports.published
      .filter(({ name }) => name.startsWith('particle/device/updates/'))
      .map(({ name, data }) => `${name.split('/')[3]} ${Buffer.from(data).toString()}`);

  const tell = async (site: DeviceSite, { device }: SiteDevice, name: string, text: string) => {
    const event = { name: `particle/device/updates/${name}`, data: Buffer.from(text), contentFormat: 0 };
    void site.gateway.commands.deliver(device.deviceId, event);
    await site.clock.elapse(100);
  };

  it.each(MODES)('refuses them, $mode, until the cloud forces them on it', async ({ generation }) => {
    const { site, made } = await siteWith(generation, { updatesEnabled: false });
    const hasFlags = (generation.helloFlags & HelloFlag.IMMEDIATE_UPDATES) !== 0;
    expect(flags(site).sort()).toEqual(hasFlags ? ['enabled false', 'forced false'] : []);
    const image = application(generation);
    await expect(flash(site, made, image)).rejects.toMatchObject({ message: 'updates are disabled' });
    await tell(site, made, 'forced', 'true');
    expect(made.device.updatesForced).toBe(true);
    await flash(site, made, image);
    expect((await ended(site)).result).toEqual({ outcome: 'succeeded' });
    // It has restarted: the flag is gone.
    expect(made.device.updatesForced).toBe(false);
    await expect(flash(site, made, application(generation, 3))).rejects.toMatchObject({ code: 'device.rejected' });
  });

  it('says when it changes its mind, and at the next connection', async () => {
    const { site, made } = await siteWith(deviceOs62, {});
    expect(flags(site).sort()).toEqual(['enabled true', 'forced false']);
    const told = made.device.setUpdatesEnabled(false);
    await site.clock.elapse(50);
    await told;
    expect(flags(site).slice(2).sort()).toEqual(['enabled false', 'forced false']);
    await expect(flash(site, made, application(deviceOs62))).rejects.toMatchObject({ code: 'device.rejected' });
    const leaving = made.device.disconnect();
    await site.clock.elapse(100);
    await leaving;
    void made.device.connect();
    await site.clock.elapse(200);
    expect(flags(site).slice(4).sort()).toEqual(['enabled false', 'forced false']);
  });

  it('lets its application know of an update that waits', async () => {
    const site = new DeviceSite();
    let pending: (() => boolean) | undefined;
    const made = await site.connected({
      behaviour: ({ updatePending }) => {
        pending = updatePending;
        return { functions: {}, variables: {}, subscriptions: [] };
      },
    });
    expect(pending?.()).toBe(false);
    await tell(site, made, 'pending', 'true');
    expect([pending?.(), made.device.updatePending]).toEqual([true, true]);
    await tell(site, made, 'pending', 'false');
    expect([pending?.(), made.device.updatePending]).toEqual([false, false]);
    await tell(site, made, 'pending', 'yes');
    expect(made.device.updatePending).toBe(false);
  });
});
