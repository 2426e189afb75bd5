import { hours, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, deviceOs62, PROFILES } from '@cloudchamber/virtual-device';
import { ModuleFunction, readModule } from '@cloudchamber/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';
import { sampleApplication } from './firmware-samples.ts';

const profile = (name: string): DeviceProfile => {
  const found = PROFILES.get(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
};
const core: DeviceProfile = { ...profile('device-os-0.5'), name: 'core', platformId: 0, keepAliveMs: seconds(25) };
const MODES = [
  { mode: 'v3', generation: deviceOs62, bytes: 30_000 },
  { mode: 'legacy fast', generation: profile('device-os-1.5'), bytes: 30_000 },
  { mode: 'legacy slow', generation: core, bytes: 3000 },
];
const LOSSES = [0, 0.1, 0.2, 0.3, 0.4];
const TRANSFERS = 67;
const SEED = 20_261;

interface Count {
  readonly mode: string;
  readonly loss: number;
  readonly succeeded: number;
  readonly failed: Record<string, number>;
  readonly restarted: number;
}

/** Asks again when the device did not hear it, as whoever flashes would. @returns whether it took the update at last */
async function start(site: DeviceSite, { device }: SiteDevice, image: ReturnType<typeof sampleApplication>) {
  for (;;) {
    try {
      await site.gateway.commands.updateFirmware(device.deviceId, { id: device.deviceId, images: [image] });
      return;
    } catch {
      await new Promise<void>((resolve) => site.clock.after(seconds(20), resolve));
    }
  }
}

/** How often a device had less of an image than before, without ever having had all of it. */
function startedOver({ ports }: DeviceSite): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const { deviceId, progress } of ports.updateProgress) {
    const before = last.get(deviceId) ?? 0;
    if (progress.bytes < before && before < progress.totalBytes) count += 1;
    last.set(deviceId, progress.bytes);
  }
  return count;
}

describe('1,000 firmware updates over links that lose', () => {
  const counts: Count[] = [];
  afterAll(() => {
    const lines = counts.map(
      ({ mode, loss, succeeded, failed, restarted }) =>
        `  ${mode.padEnd(12)} ${String(loss * 100).padStart(2)} %: ${succeeded} succeeded, failed ${JSON.stringify(failed)}, ${restarted} connections more`,
    );
    console.log(`firmware updates, seed ${SEED}, ${counts.length * TRANSFERS} transfers:\n${lines.join('\n')}`);
  });

  it.each(MODES.flatMap((mode) => LOSSES.map((loss) => ({ ...mode, loss }))))(
    '$mode at $loss',
    { timeout: 120_000 },
    async ({ mode, generation, bytes, loss }) => {
      const site = new DeviceSite(SEED + loss * 10);
      const image = sampleApplication(generation, bytes);
      const { hash } = readModule(image.data).suffix;
      const devices: SiteDevice[] = [];
      for (let made = 0; made < TRANSFERS; made++) devices.push(await site.connected({ profile: generation }));
      site.network.conditions = { ...site.network.conditions, loss, delayMs: 40, jitterMs: 20, duplication: loss / 4 };
      const started = Promise.all(devices.map((made) => start(site, made, image)));
      const { updateResults } = site.ports;
      await site.until(hours(12), () => updateResults.length === TRANSFERS);
      await started;

      const failed: Record<string, number> = {};
      for (const { result } of updateResults) {
        if (result.outcome === 'failed') failed[result.reason] = (failed[result.reason] ?? 0) + 1;
      }
      const succeeded = new Set(
        updateResults.filter(({ result }) => result.outcome === 'succeeded').map(({ deviceId }) => deviceId),
      );
      for (const { device, firmware } of devices) {
        const installed = firmware.module(ModuleFunction.USER_PART, 1);
        if (succeeded.has(device.deviceId)) expect(installed?.hash).toBe(hash);
        else expect([undefined, hash]).toContain(installed?.hash);
      }
      if (mode === 'v3') expect(startedOver(site)).toBe(0);
      // A chance of 17 % that a confirmable and its ACK are lost four times over ends connections at every turn; below that everything arrives.
      expect(succeeded.size).toBeGreaterThanOrEqual(loss < 0.4 ? TRANSFERS : TRANSFERS - 4);
      const restarted = devices.reduce((sum, { device }) => sum + device.stats.attempts - 1, 0) - succeeded.size;
      counts.push({ mode, loss, succeeded: succeeded.size, failed, restarted });
    },
  );
});
