import { hours, minutes, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, deviceOs62, PROFILES, TCP_PROFILES } from '@cloudchamber/virtual-device';
import { METRIC_NAMES } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite } from './device-site.ts';

const profile = (name: string): DeviceProfile => {
  const found = PROFILES.get(name) ?? TCP_PROFILES.get(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
};

/** The metrics of every report so far, by name. */
function reports({ ports }: DeviceSite): Map<string, number>[] {
  return ports.descriptions.flatMap(({ description }) => {
    if (description.kind !== 'metrics') return [];
    const named = description.metrics.map((metric) => [
      METRIC_NAMES.get(metric.id) ?? String(metric.id),
      'value' in metric ? metric.value : Number.NaN,
    ]);
    return [new Map(named as [string, number][])];
  });
}

describe('vitals that a device sends by itself', () => {
  it.each(['device-os-1.5', 'device-os-2.3', 'device-os-2.3-tcp', 'device-os-4.2', 'device-os-6.2'])(
    'come as often as it was told, from %s',
    async (name) => {
      const site = new DeviceSite();
      const made = await site.connected({ profile: profile(name), options: { vitalsIntervalMs: minutes(5) } });
      await site.clock.elapse(minutes(5) - seconds(1));
      expect(reports(site)).toHaveLength(0);
      await site.clock.elapse(minutes(10));
      expect(reports(site)).toHaveLength(2);
      const leaving = made.device.disconnect();
      await site.clock.elapse(seconds(1));
      await leaving;
      await site.clock.elapse(hours(1));
      expect(reports(site)).toHaveLength(2);
    },
  );

  it('never come from a generation that has none, nor from one that was not told', async () => {
    for (const settings of [{ profile: profile('device-os-0.5'), options: { vitalsIntervalMs: minutes(5) } }, {}]) {
      const site = new DeviceSite();
      await site.connected(settings);
      await site.clock.elapse(hours(1));
      expect(reports(site)).toHaveLength(0);
    }
  });

  it('come when the application wants them', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const sent = device.publishVitals();
    await site.clock.elapse(100);
    await sent;
    expect(reports(site)).toHaveLength(1);
    const old = await new DeviceSite().connected({ profile: profile('device-os-0.5') });
    await expect(old.device.publishVitals()).rejects.toMatchObject({ code: 'device.unsupported' });
    await expect(site.device().device.publishVitals()).rejects.toMatchObject({ code: 'device.not_connected' });
  });
});

describe('what the vitals tell', () => {
  async function day(generation: DeviceProfile) {
    const site = new DeviceSite();
    await site.connected({ profile: generation, options: { vitalsIntervalMs: hours(1) } });
    await site.clock.elapse(hours(30));
    return reports(site);
  }

  it('is the radio of the board: Wi-Fi', async () => {
    const found = await day(deviceOs62);
    expect(found).toHaveLength(30);
    for (const report of found) {
      expect(report.get('net:at')).toBe(1);
      expect((report.get('net:sigstrv') ?? 0) / 256).toBeGreaterThanOrEqual(-90);
      expect((report.get('net:sigstrv') ?? 0) / 256).toBeLessThanOrEqual(-40);
      expect((report.get('net:sigstr') ?? -1) / 256).toBeGreaterThanOrEqual(0);
      expect((report.get('net:sigqual') ?? 101) / 256).toBeLessThanOrEqual(100);
      expect(report.get('sys:tram')).toBe(deviceOs62.memoryBytes);
      expect(report.has('batt:soc')).toBe(false);
    }
    expect(new Set(found.map((report) => report.get('net:sigstrv'))).size).toBeGreaterThan(20);
  });

  it('is the cell and the battery of a cellular board, which empties and is charged', async () => {
    const found = await day(profile('device-os-2.3'));
    const charge = found.map((report) => (report.get('batt:soc') ?? 0) / 256);
    expect(found.every((report) => report.get('net:at') === 8 && report.get('net:cell:cgi:mcc') === 1)).toBe(true);
    expect(new Set(found.map((report) => report.get('net:cell:cgi:ci'))).size).toBe(1);
    expect(Math.min(...charge)).toBeGreaterThan(0);
    expect(Math.max(...charge)).toBeLessThanOrEqual(100);
    const steps = charge.slice(1).map((value, at) => value - (charge[at] ?? 0));
    expect(steps.some((step) => step < 0)).toBe(true);
    expect(steps.every((step) => step > -1.1 && step < 31)).toBe(true);
  });

  it('counts time from the last restart', async () => {
    const found = await day(deviceOs62);
    expect(found[0]?.get('sys:uptime')).toBe(3600);
    expect(found.at(-1)?.get('sys:uptime')).toBe(30 * 3600);
  });
});
