import { minutes } from '@cloudchamber/kernel';
import { deviceOs62, PROFILES } from '@cloudchamber/virtual-device';
import { expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';
import { heapInUse } from './heap-in-use.ts';

const DEVICES = 60;
const AT_A_TIME = 20;
const IMAGE_BYTES = 262_144;
/** What a device may keep of an update, the gateway's part of it included. */
const KEPT_BYTES = IMAGE_BYTES / 8;

const GENERATIONS = [deviceOs62, PROFILES.get('device-os-1.5')].filter((found) => found !== undefined);

it.each(GENERATIONS)(
  'devices ($name) that got the same 256 KB keep no copy of it',
  { timeout: 300_000 },
  async (profile) => {
    const site = new DeviceSite();
    const devices: SiteDevice[] = [];
    for (let made = 0; made < DEVICES; made++) devices.push(await site.connected({ profile }));
    const image = sampleApplication(profile, IMAGE_BYTES, { product: { id: 900, version: 2 } });
    site.network.conditions = { ...site.network.conditions, delayMs: 20 };
    await site.clock.elapse(minutes(5));
    const before = await heapInUse();
    let most = 0;
    for (const [at, { device }] of devices.entries()) {
      site.gateway.commands.updateFirmware(device.deviceId, { id: 'u', images: [image] }).catch(() => {});
      if ((at + 1) % AT_A_TIME !== 0) continue;
      await site.clock.elapse(150);
      most = Math.max(most, (await heapInUse()) - before);
      await site.until(minutes(30), () => site.ports.updateResults.length === at + 1);
    }
    expect(site.ports.updateResults.every(({ result }) => result.outcome === 'succeeded')).toBe(true);
    expect(devices.every(({ firmware }) => firmware.product?.version === 2)).toBe(true);
    site.ports.updateProgress.length = 0;
    site.ports.descriptions.length = 0;
    await site.clock.elapse(minutes(5));
    const kept = (await heapInUse()) - before;
    console.log(
      `${profile.name}: ${Math.round(kept / DEVICES)} bytes kept a device after its update, ${(most / 1e6).toFixed(1)} MB under way`,
    );
    expect(most).toBeGreaterThan((AT_A_TIME * IMAGE_BYTES) / 2);
    expect(most).toBeLessThan(AT_A_TIME * IMAGE_BYTES * 4);
    expect(kept / DEVICES).toBeLessThan(KEPT_BYTES);
  },
);
