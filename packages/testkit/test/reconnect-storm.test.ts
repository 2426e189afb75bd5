import { minutes, seconds } from '@cloudchamber/kernel';
import { PROFILES, type VirtualDevice } from '@cloudchamber/virtual-device';
import { expect, it } from 'vitest';
import { PERFECT } from '../src/index.ts';
import { DeviceSite, SERVER } from './device-site.ts';
import { heapInUse } from './heap-in-use.ts';

const DEVICES = 5000;
// What one core of a small server takes in while it handshakes, and what fits its socket's buffer.
const DATAGRAMS_PER_SECOND = 6000;
const QUEUE = 4000;

it(`${DEVICES} devices get into a busy server at once, and again when it has lost their sessions`, async () => {
  const site = new DeviceSite(3);
  const { network, ports } = site;
  network.conditions = { ...PERFECT, loss: 0.02, delayMs: 20, jitterMs: 60 };
  network.limit(SERVER.address, SERVER.port, DATAGRAMS_PER_SECOND, QUEUE);
  const profiles = [...PROFILES.values()].map((profile) => ({ ...profile, keepAliveMs: seconds(25) }));
  const behaviour = () => ({ functions: {}, variables: {}, subscriptions: [] });
  const make = (_: unknown, number: number): VirtualDevice =>
    site.device({ profile: profiles[number % profiles.length], behaviour }).device;
  const devices = Array.from({ length: DEVICES }, make);
  const handshakes = (): number => devices.reduce((sum, { stats }) => sum + stats.handshakes, 0);
  const back = (): boolean =>
    devices.every(({ state, deviceId }) => state === 'connected' && site.gateway.commands.isOnline(deviceId));
  const tell = (what: string, ms: number): void =>
    console.log(
      `${what}: all ${DEVICES} within ${(ms / 1000).toFixed(0)} s, ${handshakes()} handshakes so far, ` +
        `${network.overflowed} datagrams found the server's queue full`,
    );

  for (const device of devices) void device.connect();
  tell('first connection', await site.until(minutes(3), back));
  expect(handshakes()).toBeLessThan(DEVICES * 1.05);
  expect(site.gateway.gauges()).toMatchObject({ sessions: DEVICES, online: DEVICES });
  const heap = await settled();

  await site.restartGateway();
  tell('after a restart without sessions', await site.until(minutes(6), back));
  // A resume that was given up, then one handshake.
  expect(handshakes()).toBeLessThan(DEVICES * 2.1);
  expect(site.gateway.gauges()).toMatchObject({ sessions: DEVICES, online: DEVICES });
  expect(site.gateway.counters.get('faults', 'datagram')).toBe(0);
  const growth = (await settled()) - heap;
  console.log(`heap ${(growth / 2 ** 20).toFixed(1)} MB more than after the first`);
  expect(growth).toBeLessThan(50 * 2 ** 20);

  /** The heap without what only the test remembers, when handshakes are forgotten. */
  async function settled(): Promise<number> {
    await site.clock.elapse(minutes(1));
    for (const list of [
      ports.published,
      ports.descriptions,
      ports.subscriptions,
      ports.attempts,
      ports.presence,
      ports.outcomes,
    ]) {
      list.length = 0;
    }
    site.recordTypes.length = 0;
    return heapInUse();
  }
}, 300_000);
