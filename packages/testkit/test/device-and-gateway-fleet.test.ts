import { type DeviceId, minutes, seconds, seededEntropy } from '@cloudchamber/kernel';
import { BEHAVIOURS, Fleet } from '@cloudchamber/virtual-device';
import { generateP256 } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, SERVER } from './device-site.ts';

const COUNT = 40;

function fleetOn(site: DeviceSite, started: number[] = []): Fleet {
  const members = Array.from({ length: COUNT }, (_, number) => ({
    deviceId: `0a10aced${number.toString(16).padStart(16, '0')}` as DeviceId,
    identity: generateP256(),
    behaviour: BEHAVIOURS.get(number % 2 === 0 ? 'weather' : 'echo'),
  }));
  for (const { deviceId, identity } of members) site.ports.keys.set(deviceId, identity.spki);
  return new Fleet({
    members,
    server: SERVER,
    serverSpki: site.identity.spki,
    clock: site.clock,
    entropy: seededEntropy(9),
    openSocket: async () => site.network.bind('10.0.1.1'),
    startsPerSecond: 20,
    onState: (_device, { state }) => {
      if (state === 'handshaking') started.push(site.clock.monotonic());
    },
  });
}

describe('a fleet', () => {
  it('starts at an even pace, publishes on one timer, and leaves with Goodbye', async () => {
    const site = new DeviceSite();
    const gatewayTimers = site.clock.pending;
    const started: number[] = [];
    const fleet = fleetOn(site, started);
    const all = fleet.start();
    await site.clock.elapse(seconds(3));
    await all;
    expect(fleet.states()).toEqual({ connected: COUNT });
    const gaps = started.slice(1).map((at, position) => at - (started[position] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(49);
    expect(Math.max(...gaps)).toBeLessThan(51);

    await site.clock.elapse(minutes(1));
    expect(site.clock.pending - gatewayTimers).toBeLessThanOrEqual(1);
    const stations = new Set(
      site.ports.published.filter(({ name }) => name === 'weather').map(({ deviceId }) => deviceId),
    );
    expect(stations.size).toBe(COUNT / 2);

    const stopped = fleet.stop();
    await site.clock.elapse(seconds(1));
    await stopped;
    expect(fleet.states()).toEqual({ offline: COUNT });
    expect(site.gateway.counters.get('devices_offline', 'goodbye')).toBe(COUNT);
    expect(site.clock.pending).toBe(gatewayTimers);
  });

  it('comes back whole, by resuming or handshaking, after the server has forgotten it', async () => {
    const site = new DeviceSite();
    const fleet = fleetOn(site);
    void fleet.start();
    await site.clock.elapse(seconds(5));
    await site.restartGateway();
    await site.clock.elapse(minutes(4));
    expect(fleet.states()).toEqual({ connected: COUNT });
    expect(fleet.devices.every(({ stats }) => stats.handshakes === 2)).toBe(true);
  });

  it('can be stopped while it starts', async () => {
    const site = new DeviceSite();
    const fleet = fleetOn(site);
    const all = expect(fleet.start()).rejects.toMatchObject({ code: 'device.stopped' });
    // The last one is in the middle of its handshake.
    await site.clock.elapse(1001);
    const stopped = fleet.stop();
    await site.clock.elapse(seconds(1));
    await stopped;
    await all;
    expect(fleet.states()).toEqual({ offline: COUNT });
  });
});
