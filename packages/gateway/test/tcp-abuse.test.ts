import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type DeviceId, type Entropy, seconds, seededEntropy } from '@cloudchamber/kernel';
import { RawTcpDevice } from '@cloudchamber/testkit';
import { emptyCon, encodeFunctionResult, encodePublish, encodeSubscribe, encodeTimeRequest } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import type { StreamConnection } from '../src/index.ts';
import { DEVICE_KEY, SERVER_KEY, TcpSite } from './tcp-site.ts';

/** More with ABUSE_STREAMS=1000000; the same again with ABUSE_SEED. */
const STREAMS = Number(process.env.ABUSE_STREAMS ?? 10_000);
const SEED = Number(process.env.ABUSE_SEED ?? Math.floor(Math.random() * 2 ** 32));
const AT_ONCE = 100;
const MEMORY_MB = 50;
const DEVICE_KEY_BYTES = Buffer.from(DEVICE_KEY.spki);

type Mutation = (bytes: Buffer, entropy: Entropy) => Uint8Array[];

const below = (entropy: Entropy, limit: number): number => Math.floor(entropy.fraction() * limit);

/** What may become of the bytes of one write. */
const mutations: Mutation[] = [
  (bytes, entropy) => {
    bytes[below(entropy, bytes.length)] = below(entropy, 256);
    return [bytes];
  },
  (bytes, entropy) => {
    for (let bit = 0; bit < 8; bit++) bytes[below(entropy, bytes.length)]! ^= 1 << below(entropy, 8);
    return [bytes];
  },
  (bytes, entropy) => [bytes.subarray(0, below(entropy, bytes.length))],
  (bytes, entropy) => [bytes.subarray(below(entropy, bytes.length))],
  (bytes) => [bytes, bytes],
  () => [],
  (bytes, entropy) => {
    const at = below(entropy, bytes.length);
    return [bytes.subarray(0, at), entropy.bytes(1 + below(entropy, 40)), bytes.subarray(at)];
  },
  (bytes, entropy) => [entropy.bytes(bytes.length)],
  (_bytes, entropy) => [entropy.bytes(below(entropy, 3000))],
  (bytes) => [Buffer.alloc(bytes.length), bytes],
  (bytes) => [bytes, Buffer.alloc(bytes.length, 0xff)],
];

/** A client's stream that spoils the write with that number, and cuts every write into pieces. */
function spoilt(stream: StreamConnection, spoilAt: number, entropy: Entropy): StreamConnection {
  const { address, port, unreadBytes } = stream;
  let writes = 0;
  return {
    address,
    port,
    unreadBytes,
    onData: (receive) => stream.onData(receive),
    onClose: (closed) => stream.onClose(closed),
    end: () => stream.end(),
    destroy: () => stream.destroy(),
    write(bytes) {
      const mutate = mutations[below(entropy, mutations.length)]!;
      const pieces = writes++ === spoilAt ? mutate(Buffer.from(bytes), entropy) : [bytes];
      for (const piece of pieces) {
        const cut = below(entropy, piece.length + 1);
        stream.write(piece.subarray(0, cut));
        stream.write(piece.subarray(cut));
      }
    },
  };
}

function chatter(device: RawTcpDevice): void {
  device.send(encodeSubscribe({ id: device.nextId(), prefix: 'a', confirmable: false }));
  device.send(encodePublish({ id: device.nextId(), name: 'temp', data: 'x'.repeat(100) }));
  device.send(encodeTimeRequest({ id: device.nextId(), token: 1 }));
  device.send(encodeFunctionResult({ id: device.nextId(), token: Buffer.of(1), value: 1, confirmable: false }));
  device.send(emptyCon(device.nextId()));
}

function memory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

describe('mutated TCP streams', () => {
  it(`${STREAMS} of them disturb no device and leave nothing behind`, { timeout: 120_000 + STREAMS * 10 }, async () => {
    const entropy = seededEntropy(SEED);
    const site = new TcpSite({}, SEED);
    const honest = await site.connected({ deviceId: '0a10aced0000000000000000' as DeviceId, address: '10.0.1.1' });
    const admitted: number[] = [];
    let before = 0;
    for (let number = 0; number < STREAMS; number += AT_ONCE) {
      const devices = Array.from({ length: AT_ONCE }, (_, at) => {
        const deviceId = `0a10aced1${(at % 50).toString(16).padStart(15, '0')}` as DeviceId;
        site.ports.keys.set(deviceId, DEVICE_KEY.spki);
        // Half of them spoil the key exchange, the others one of their frames.
        const stream = spoilt(site.streams.connect('10.0.0.66'), at % 2 === 0 ? 0 : 1 + below(entropy, 6), entropy);
        return new RawTcpDevice({ deviceId, stream, identity: DEVICE_KEY, serverSpki: SERVER_KEY.spki, entropy });
      });
      await site.clock.elapse(10);
      for (const device of devices) if (device.session) device.hello();
      await site.clock.elapse(5);
      for (const device of devices) if (device.session) chatter(device);
      honest.send(encodePublish({ id: honest.nextId(), name: 'honest', data: String(number) }));
      await site.clock.elapse(5);
      expect(
        site.ports.published.some(
          ({ name, data }) => name === 'honest' && String(Buffer.from(data)) === String(number),
        ),
      ).toBe(true);
      for (const device of devices) device.stream.destroy();
      await site.clock.elapse(10);
      expect(site.gateway.gauges()).toEqual({ sessions: 1, online: 1, handshakes: 0 });
      admitted.push(site.ports.attempts.length);
      expect(site.ports.attempts.every(({ publicKey }) => DEVICE_KEY_BYTES.equals(publicKey))).toBe(true);
      site.ports.attempts.length = 0;
      site.ports.published.length = site.ports.subscriptions.length = site.ports.presence.length = 0;
      if (number === AT_ONCE * 10) before = memory();
    }
    const grown = memory() - before;
    const counts = Object.fromEntries(
      [...site.gateway.counters.entries()].map(([name, label, count]) => [
        label === '' ? name : `${name} ${label}`,
        count,
      ]),
    );
    console.info(
      `mutated TCP streams: ${STREAMS}, seed ${SEED}, memory ${grown.toFixed(1)} MB`,
      JSON.stringify(counts),
    );
    expect(site.count('faults', 'stream')).toBe(0);
    expect(honest.closed).toBe(false);
    // A spoilt key exchange admits nobody; most of the other half are in before their bad frame.
    expect(Math.max(...admitted)).toBeLessThanOrEqual(AT_ONCE / 2);
    if (STREAMS > AT_ONCE * 10) expect(grown).toBeLessThan(MEMORY_MB);
  });

  it('noise never gets an answer beyond the nonce', async () => {
    const site = new TcpSite({}, SEED);
    const entropy = seededEntropy(SEED + 1);
    for (let turn = 0; turn < 300; turn++) {
      const stream = site.streams.connect('10.0.0.66');
      let received = 0;
      stream.onData((bytes) => {
        received += bytes.length;
      });
      await site.clock.elapse(3);
      stream.write(entropy.bytes(below(entropy, 600)));
      await site.clock.elapse(3);
      expect([SEED, received]).toEqual([SEED, 40]);
      stream.destroy();
    }
    await site.clock.elapse(seconds(1));
    expect(site.gateway.gauges().handshakes).toBe(0);
    expect(site.count('handshakes_completed')).toBe(0);
  });
});
