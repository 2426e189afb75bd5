import { randomInt } from 'node:crypto';
import { type DeviceId, seconds, seededEntropy } from '@cloudchamber/kernel';
import { PROFILES } from '@cloudchamber/virtual-device';
import { expect, it } from 'vitest';
import { mutate, RawDevice } from '../src/index.ts';
import { deviceMessages } from './device-messages.ts';
import { DeviceSite, SERVER, type SiteDevice } from './device-site.ts';
import { heapInUse } from './heap-in-use.ts';

// ABUSE_DATAGRAMS=10000000 for a longer run; ABUSE_SEED for the same one again.
const DATAGRAMS = Number(process.env.ABUSE_DATAGRAMS ?? 100_000);
const SEED = Number(process.env.ABUSE_SEED ?? randomInt(2 ** 31));
const BATCH = 200;
const HEAP_MAY_GROW = 50 * 1024 * 1024;
const TO_SERVER = `${SERVER.address}:${SERVER.port}`;

it(`${DATAGRAMS} mutated datagrams harm nobody (seed ${SEED})`, { timeout: 600_000 }, async () => {
  const site = new DeviceSite(SEED);
  const entropy = seededEntropy(SEED);
  const { counters, commands } = site.gateway;
  const toServer: Buffer[] = [];
  const toDevices: Buffer[] = [];
  site.network.intercept = (bytes, _from, to) => {
    (to === TO_SERVER ? toServer : toDevices).push(Buffer.from(bytes));
    return 'pass';
  };

  const devices: SiteDevice[] = [];
  for (const profile of PROFILES.values()) devices.push(await site.connected({ profile }));
  for (const made of devices) await everything(site, made);
  for (const record of toServer.filter((bytes) => bytes[0] === 23).slice(0, 20)) {
    const trailer = Buffer.from(`${devices[0]?.device.deviceId}0c`, 'hex');
    toServer.push(Buffer.concat([Buffer.of(254), record.subarray(1), trailer]));
  }
  const genuineEvents = site.ports.published.length;
  const messages = deviceMessages();

  /** Bytes in and out of addresses that never showed a cookie. */
  const strangers = new Map<string, { bytesIn: number; bytesOut: number }>();
  site.network.intercept = (bytes, _from, to) => {
    const stranger = strangers.get(to);
    if (stranger !== undefined) stranger.bytesOut += bytes.length;
    return 'pass';
  };
  let hostile = await rawDevice(site);
  const sent = { asStranger: 0, asDevice: 0, asServer: 0, inside: 0 };

  const asStranger = (): void => {
    const from = { address: `203.0.113.${Math.floor(entropy.fraction() * 256)}`, port: 1024 + (sent.asStranger % 50) };
    const bytes = mutate(toServer, entropy);
    const key = `${from.address}:${from.port}`;
    const account = strangers.get(key) ?? { bytesIn: 0, bytesOut: 0 };
    strangers.set(key, account);
    account.bytesIn += bytes.length;
    site.network.inject(bytes, from, TO_SERVER);
    sent.asStranger += 1;
  };
  const asDevice = ({ sockets }: SiteDevice): void => {
    const from = sockets.at(-1);
    if (from) site.network.inject(mutate(toServer, entropy), from, TO_SERVER);
    sent.asDevice += 1;
  };
  const asServer = ({ sockets }: SiteDevice): void => {
    const socket = sockets.at(-1);
    if (socket) site.network.inject(mutate(toDevices, entropy), SERVER, `${socket.address}:${socket.port}`);
    sent.asServer += 1;
  };
  const inside = (): void => {
    hostile.send(mutate(messages, entropy).subarray(0, 1152));
    sent.inside += 1;
  };

  await batches(1000);
  const heapBefore = await heapInUse();
  await batches(DATAGRAMS - 1000);
  await site.clock.elapse(seconds(60));
  const heapGrowth = (await heapInUse()) - heapBefore;

  for (const made of devices) {
    expect(made.device.stats, made.device.deviceId).toMatchObject({ handshakes: 1, disconnects: 0 });
    await everything(site, made);
  }
  for (const [address, { bytesIn, bytesOut }] of strangers) expect(bytesOut, address).toBeLessThanOrEqual(bytesIn);
  const names = new Set(site.ports.published.map(({ name }) => name));
  expect([...names].toSorted()).toEqual([
    'checked',
    'particle/device/updates/enabled',
    'particle/device/updates/forced',
  ]);
  expect(site.ports.published).toHaveLength(genuineEvents + devices.length);
  expect(counters.get('faults', 'datagram')).toBe(0);
  const { sessions, online, handshakes } = site.gateway.gauges();
  expect({ online, handshakes }).toEqual({ online: devices.length, handshakes: 0 });
  // The hostile device's own session may have ended by something that it said, such as another Hello.
  expect(sessions).toBeLessThanOrEqual(devices.length + 1);
  expect(heapGrowth).toBeLessThan(HEAP_MAY_GROW);
  const outcomes = [...counters.entries()].filter(([name]) => /dropped|refused/.test(name));
  console.log(
    `mutated datagrams, seed ${SEED}: ${JSON.stringify(sent)}; heap +${(heapGrowth / 2 ** 20).toFixed(1)} MB; ` +
      outcomes.map(([name, label, count]) => `${name} ${label} ${count}`).join(', '),
  );

  /** Drops what only the test remembers. */
  function forget(): void {
    const { attempts, subscriptions, descriptions, presence, published } = site.ports;
    for (const list of [attempts, subscriptions, descriptions, presence, hostile.inbox]) list.length = 0;
    const genuine = published.filter(({ deviceId }) => deviceId !== hostile.deviceId);
    published.splice(0, Number.POSITIVE_INFINITY, ...genuine);
  }

  async function batches(total: number): Promise<void> {
    for (let done = 0; done < total; done += BATCH) {
      if (!commands.isOnline(hostile.deviceId)) {
        await hostile.socket.close();
        hostile = await rawDevice(site);
      }
      for (let at = 0; at < BATCH; at++) {
        const kind = entropy.fraction();
        const made = devices[Math.floor(entropy.fraction() * devices.length)];
        if (made === undefined || kind < 0.4) asStranger();
        else if (kind < 0.6) asDevice(made);
        else if (kind < 0.7) asServer(made);
        else inside();
      }
      await site.clock.elapse(20);
      forget();
    }
  }
});

/** A device that has connected with a key of its own, in the hands of the test. */
async function rawDevice(site: DeviceSite): Promise<RawDevice> {
  const device = new RawDevice({
    deviceId: 'bad0bad0bad0bad0bad0bad0' as DeviceId,
    clock: site.clock,
    entropy: seededEntropy(site.clock.monotonic()),
    socket: site.network.bind('192.0.2.66'),
    server: SERVER,
    serverSpki: site.identity.spki,
  });
  site.ports.keys.set(device.deviceId, device.identity.spki);
  device.startHandshake();
  await site.clock.elapse(20);
  device.hello();
  await site.clock.elapse(20);
  return device;
}

/** Whatever a device and its cloud do with each other. */
async function everything({ clock, gateway: { commands } }: DeviceSite, { device }: SiteDevice): Promise<void> {
  const { deviceId } = device;
  const done = Promise.all([
    device.publish('checked', 'x'),
    commands.callFunction(deviceId, 'echo', 'abc'),
    commands.readVariable(deviceId, 'ratio', 'double'),
    commands.deliver(deviceId, { name: 'echo/a', data: Buffer.from('b'), contentFormat: 0 }),
    commands.requestDescribe(deviceId, 'system'),
    commands.signal(deviceId, true),
    commands.ping(deviceId),
  ]);
  await clock.elapse(200);
  expect((await done).slice(1, 4)).toEqual([3, 21.5, true]);
}
