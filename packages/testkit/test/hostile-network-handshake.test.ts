import { minutes, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, PROFILES } from '@cloudchamber/virtual-device';
import { describe, expect, it } from 'vitest';
import { DeviceSite, SERVER } from './device-site.ts';

describe.each([...PROFILES.values()])('the way in of $name', (profile: DeviceProfile) => {
  type Fate = 'lost' | 'lost twice' | 'doubled' | 'late';

  /** Connects while one datagram, counted in one direction, and for `lost twice` the one after it, meets its fate. */
  async function connect(fate: Fate, towards: 'server' | 'device', position: number) {
    const site = new DeviceSite();
    let seen = 0;
    site.network.intercept = (bytes, _from, to) => {
      if (to.startsWith(SERVER.address) !== (towards === 'server')) return 'pass';
      const at = seen++;
      if (at === position + 1 && fate === 'lost twice') return 'drop';
      if (at !== position) return 'pass';
      if (fate === 'doubled') return [bytes, bytes];
      return fate === 'late' ? 1500 : 'drop';
    };
    const made = site.device({ profile });
    void made.device.connect();
    const tookMs = await site.until(minutes(1), () => made.device.state === 'connected');
    return { site, device: made.device, tookMs, seen };
  }

  it.each([
    ['lost', 'server', seconds(7)],
    ['lost', 'device', seconds(7)],
    ['lost twice', 'server', seconds(19)],
    ['lost twice', 'device', seconds(19)],
    ['doubled', 'server', seconds(1)],
    ['doubled', 'device', seconds(1)],
    ['late', 'server', seconds(4)],
    ['late', 'device', seconds(4)],
  ] as const)('survives that any one of its datagrams is %s on its way to the %s', async (fate, towards, limitMs) => {
    const { seen: total } = await connect('doubled', towards, Number.POSITIVE_INFINITY);
    for (let position = 0; position < total; position++) {
      const { site, device, tookMs } = await connect(fate, towards, position);
      const where = `datagram ${position} of ${total}`;
      expect(tookMs, where).toBeLessThanOrEqual(limitMs);
      expect(site.gateway.counters.get('handshakes_completed'), where).toBe(1);
      expect(site.gateway.gauges(), where).toMatchObject({ sessions: 1, online: 1 });
      const names = site.ports.published.map(({ name }) => name);
      expect(new Set(names).size, where).toBe(names.length);
      const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
      await site.clock.elapse(seconds(30));
      expect(await called, where).toBe(3);
    }
  });
});
