import { Gateway } from '@cloudchamber/gateway';
import { type DeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { RecordedPorts, SimulatedNetwork, SimulatedStreams, VirtualClock } from '@cloudchamber/testkit';
import { BEHAVIOURS, type DeviceProfile, PROFILES, TCP_PROFILES, VirtualDevice } from '@cloudchamber/virtual-device';
import { generateP256, generateRsa } from '@cloudchamber/wire';

/** What goes over the network for each, in bytes, both directions together. */
export interface WireSizes {
  readonly profile: string;
  readonly transport: 'udp' | 'tcp';
  /** `EVENT_NAME` with `EVENT_DATA`, and its ACK. */
  readonly publish: number;
  /** Keep-alive and its ACK. */
  readonly ping: number;
  /** From the first datagram of a resumed session until the server has answered; null where there is nothing to resume. */
  readonly resume: number | null;
  /** The same until the device counts as connected: what it sends at each connection comes on top. */
  readonly reconnect: number | null;
  /** Handshake, Hello, Describe, subscriptions, until a new device counts as connected. */
  readonly connect: number;
}

/** IPv4 and UDP headers of a datagram. On TCP only the stream is counted: its headers and ACKs are the kernel's business. */
const UDP_HEADERS = 28;
const EVENT_NAME = 'sensor';
const EVENT_DATA = JSON.stringify({ temp: 21.53, hum: 48, batt: 3.91 });
const [SERVER, DEVICE] = ['10.0.0.1', '10.0.1.1'];
const SETTLED_MS = 2000;

/** Every profile against a gateway of its own, on a simulated network that loses nothing. The same each time, up to the length of signatures. */
export async function measureWireSizes(): Promise<WireSizes[]> {
  const sizes: WireSizes[] = [];
  for (const profile of [...PROFILES.values(), ...TCP_PROFILES.values()]) sizes.push(await sizesOf(profile));
  return sizes;
}

async function sizesOf(profile: DeviceProfile): Promise<WireSizes> {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork(clock, seededEntropy(1));
  const streams = new SimulatedStreams(clock);
  const onTcp = profile.transport === 'tcp';
  const [ec, rsa] = [generateP256(), generateRsa(2048)];
  const ports = new RecordedPorts();
  const udp = network.bind(SERVER, 5684);
  const tcp = { listener: streams, identity: rsa };
  const gateway = new Gateway({ ports, clock, entropy: seededEntropy(2), log: silentLogger, identity: ec, udp, tcp });

  const deviceId = '0a10aced0000000000000001' as DeviceId;
  const server = { address: SERVER, port: onTcp ? 5683 : 5684 };
  const common = { deviceId, server, clock, entropy: seededEntropy(3), profile, behaviour: BEHAVIOURS.get('tinker') };
  const [ownEc, ownRsa] = [generateP256(), generateRsa(1024)];
  ports.keys.set(deviceId, (onTcp ? ownRsa : ownEc).spki);
  const device = onTcp
    ? new VirtualDevice({
        ...common,
        identity: ownRsa,
        serverSpki: rsa.spki,
        openStream: async () => streams.connect(DEVICE),
      })
    : new VirtualDevice({
        ...common,
        identity: ownEc,
        serverSpki: ec.spki,
        openSocket: async () => network.bind(DEVICE),
      });

  const total = (): number => (onTcp ? streams.sent.bytes : network.sent.bytes + UDP_HEADERS * network.sent.datagrams);
  const during = async (ms: number, work: () => Promise<void>): Promise<number> => {
    const before = total();
    const done = work();
    await clock.elapse(ms);
    await done;
    return total() - before;
  };
  const connect = await during(SETTLED_MS, () => device.connect());
  const publish = await during(SETTLED_MS, () => device.publish(EVENT_NAME, EVENT_DATA));
  // The server has spoken last: the next ping is due one keep-alive later.
  const ping = await during(profile.keepAliveMs, async () => {});
  await during(SETTLED_MS, () => device.disconnect());
  let answered: number | undefined;
  device.onState(({ state }) => {
    if (state === 'introducing') answered ??= total();
  });
  const before = total();
  const again = await during(SETTLED_MS, () => device.connect());
  await gateway.stop();
  const resumed = device.stats.resumes === 1;
  const resume = resumed && answered !== undefined ? answered - before : null;
  const reconnect = resumed ? again : null;
  return { profile: profile.name, transport: profile.transport, publish, ping, resume, reconnect, connect };
}
