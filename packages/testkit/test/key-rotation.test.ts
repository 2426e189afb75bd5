import { minutes, seconds } from '@cloudchamber/kernel';
import { TCP_PROFILES } from '@cloudchamber/virtual-device';
import { generateP256, generateRsa } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';

const rsa = [generateRsa(2048)] as const;

/** A cloud with two keys, and devices that all come from one address, as behind a NAT. */
function rotating(seed = 1) {
  const site = new DeviceSite(seed);
  const next = generateP256();
  site.gateway.useIdentities({ ec: [site.identity, next], rsa });
  const lastServerKey = () => site.ports.attempts.at(-1)?.serverKey;
  const wait = (device: SiteDevice, limitMs: number) => site.until(limitMs, () => device.device.state === 'connected');
  return { site, next, lastServerKey, wait };
}

describe('while the server key is rotated', () => {
  it('a device with the old key notices nothing', async () => {
    const { site, lastServerKey } = rotating();
    const { device } = await site.connected();
    expect(device.stats.attempts).toBe(1);
    expect(lastServerKey()).toEqual(site.identity.spki);
  });

  it('a device with the next key is in at its second try, and at its first from then on', async () => {
    const { site, next, lastServerKey, wait } = rotating();
    const made = site.device({ serverSpki: next.spki });
    const { device } = made;
    void device.connect();
    expect(await wait(made, seconds(10))).toBeLessThan(seconds(3));
    expect(device.stats).toMatchObject({ attempts: 2, handshakes: 1 });
    expect(lastServerKey()).toEqual(next.spki);
    expect(made.changes.flatMap(({ end }) => end ?? [])).toEqual(['wrong_server_key']);
    for (let time = 0; time < 3; time++) {
      site.gateway.commands.endSession(device.deviceId);
      await site.clock.elapse(minutes(16));
    }
    expect(device.state).toBe('connected');
    expect(device.stats).toMatchObject({ attempts: 5, handshakes: 4 });
  });

  it('forty devices behind one address, half with each key, are all in within minutes', async () => {
    for (const seed of [1, 2, 3]) {
      const { site, next } = rotating(seed);
      const made = Array.from({ length: 40 }, (_, n) => site.device(n % 2 ? { serverSpki: next.spki } : {}));
      for (const { device } of made) void device.connect();
      const tookMs = await site.until(minutes(15), () => made.every(({ device }) => device.state === 'connected'));
      const attempts = made.reduce((sum, { device }) => sum + device.stats.attempts, 0);
      expect(tookMs).toBeLessThan(minutes(10));
      expect(attempts / made.length).toBeLessThan(3);
    }
  });

  it('a device that falls silent instead of refusing gets in too', async () => {
    const { site, next, wait } = rotating();
    const alerts: number[] = [];
    site.network.intercept = (bytes, from) => {
      if (bytes[0] !== 21 || bytes[4] !== 0 || !from.startsWith('10.0.1.')) return 'pass';
      alerts.push(bytes.length);
      return 'drop';
    };
    const made = site.device({ serverSpki: next.spki });
    void made.device.connect();
    expect(await wait(made, minutes(10))).toBeGreaterThan(seconds(45));
    expect(alerts.length).toBeGreaterThan(0);
  });

  it('devices on TCP with either key are in at their first try', async () => {
    const { site } = rotating();
    const profile = TCP_PROFILES.get('device-os-2.3-tcp');
    const [old, next] = [generateRsa(2048), generateRsa(2048)];
    site.gateway.useIdentities({ ec: [site.identity], rsa: [old, next] });
    for (const { spki } of [old, next]) {
      const { device } = await site.connected({ profile, serverSpki: spki });
      expect(device.stats).toMatchObject({ attempts: 1, handshakes: 1 });
      expect(site.ports.attempts.at(-1)?.serverKey).toEqual(spki);
    }
  });

  it('sessions outlive the retirement of their key, handshakes do not', async () => {
    const { site, next } = rotating();
    const { device, changes } = await site.connected();
    site.gateway.useIdentities({ ec: [next], rsa });
    await site.clock.elapse(minutes(2));
    const published = device.publish('still', 'here');
    await site.clock.elapse(seconds(1));
    await published;
    expect(site.ports.published.at(-1)?.name).toBe('still');
    changes.length = 0;
    site.gateway.commands.endSession(device.deviceId);
    await site.clock.elapse(minutes(2));
    expect(device.state).not.toBe('connected');
    expect(changes.flatMap(({ end }) => end ?? [])).toContain('wrong_server_key');
  });
});
