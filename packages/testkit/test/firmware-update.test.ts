import { minutes, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, deviceOs62, PROFILES } from '@cloudchamber/virtual-device';
import { ModuleFunction, readModule } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';

const profile = (name: string): DeviceProfile => {
  const found = PROFILES.get(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
};
/** The same board, as if it were the first of all: slow mode only. */
const core: DeviceProfile = { ...profile('device-os-0.5'), name: 'core', platformId: 0 };
const MODES = [
  { mode: 'v3', profile: deviceOs62 },
  { mode: 'legacy fast', profile: profile('device-os-1.5') },
  { mode: 'legacy slow', profile: core },
];

const userModule = ({ firmware }: SiteDevice) => firmware.module(ModuleFunction.USER_PART, 1);

async function update(
  site: DeviceSite,
  { device }: SiteDevice,
  images: readonly ReturnType<typeof sampleApplication>[],
) {
  const started = site.gateway.commands.updateFirmware(device.deviceId, { id: 'u1', images });
  started.catch(() => {});
  await site.clock.elapse(50);
  return started;
}

describe.each(MODES)('a firmware update, $mode', ({ profile: generation }) => {
  it('reaches the device, which restarts into it and says so', async () => {
    const site = new DeviceSite();
    const made = await site.connected({ profile: generation });
    const image = sampleApplication(generation, 40_000);
    await update(site, made, [image]);
    await site.until(minutes(2), () => made.device.stats.updates === 1 && made.device.state === 'connected');
    expect(userModule(made)).toMatchObject({ version: 1234, hash: readModule(image.data).suffix.hash });
    expect(made.changes.map(({ end }) => end)).toContain('restarting');
    expect(site.ports.updateResults).toEqual([
      { deviceId: made.device.deviceId, updateId: 'u1', result: { outcome: 'succeeded' } },
    ]);
    expect(site.ports.attempts.at(-1)?.hello.flags ?? 0).toBe(generation.helloFlags | 1);
    expect(made.device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    await site.clock.elapse(seconds(5));
    const described = site.ports.descriptions.findLast(({ description }) => description.kind !== 'application');
    expect(described?.description).toMatchObject({
      system: { modules: expect.arrayContaining([expect.objectContaining({ function: 5, version: 1234 })]) },
    });
    expect(site.gateway.commands.updateProgress(made.device.deviceId)).toBeUndefined();
  });
});
