import { randomBytes, randomInt } from 'node:crypto';
import { systemEntropy } from '@cloudchamber/kernel';
import { openUdpSocket, type VirtualDevice } from '@cloudchamber/virtual-device';
import { ClientHandshake, generateP256 } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { addDevice, powerOn, registerDevice } from './harness/devices.ts';
import { eventually } from './harness/eventually.ts';
import { PeerSocket } from './harness/peer-socket.ts';
import { RecordedStream } from './harness/recorded-stream.ts';

const FLOOD = 20_000;
const MB = 1024 * 1024;
/** Garbage collection is free to leave this much lying about. */
const MEMORY_SLACK = 64 * MB;

let server: CloudServer;
let client: Particle;
let echo: VirtualDevice;

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  echo = await addDevice(server, client, 'echo');
});
afterEach(async () => {
  const { body } = await client.callFunction({ deviceId: echo.deviceId, name: 'echo', argument: 'still there?' });
  expect(body.return_value).toBe(12);
  expect(await server.metric('chamber_gateway_total{kind="faults",reason="datagram"}')).toBe(0);
});
afterAll(async () => {
  await echo?.disconnect();
  await server?.dispose();
});

/** A device that begins to handshake, as a machine that says which datagrams to send. */
function handshakingDevice() {
  const machine = new ClientHandshake(
    { identity: generateP256(), serverSpki: server.publicKey, entropy: systemEntropy, offerCid: true },
    performance.now(),
  );
  const datagrams = (outputs: ReturnType<ClientHandshake['start']>): Uint8Array[] =>
    outputs.flatMap((output) => (output.kind === 'send' ? [output.datagram] : []));
  return {
    start: () => datagrams(machine.start()),
    answer: (datagram: Uint8Array) => datagrams(machine.receive(datagram, performance.now())),
  };
}

function clientHello(): Uint8Array {
  const [hello] = handshakingDevice().start();
  if (hello === undefined) throw new Error('the handshake begins with a ClientHello');
  return hello;
}

const handshakesUnderWay = () => server.metric('chamber_gateway_devices{state="handshakes"}');

/** How many datagrams the gateway has counted as refused or dropped. */
async function refusedSoFar(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const counts = text.matchAll(/^chamber_gateway_total\{kind="(?:refused|datagrams_dropped)",.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Changes a few bytes, or the length. */
function damaged(datagram: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(datagram);
  for (let times = randomInt(1, 6); times > 0; times--) copy[randomInt(copy.length)] = randomInt(256);
  return copy.subarray(0, randomInt(2) === 0 ? copy.length : randomInt(1, copy.length));
}

describe('datagrams that are no part of any conversation', () => {
  it(`are dropped and counted, ${FLOOD} of them, with fewer bytes back than came`, async () => {
    const hello = clientHello();
    const unknownSession = () => Buffer.concat([Buffer.from('fefdfefd', 'hex'), randomBytes(randomInt(1, 400))]);
    const kinds: readonly (() => Uint8Array)[] = [
      () => randomBytes(randomInt(1, 1300)),
      () => damaged(hello),
      // A record of type 253 with a connection id that nobody has; one of another epoch; one that claims another length.
      () => Buffer.concat([Buffer.from('fdfefd0001', 'hex'), randomBytes(60)]),
      () => Buffer.concat([Buffer.from('17fefd0001', 'hex'), randomBytes(60)]),
      () => Buffer.concat([Buffer.from('16fefd0000000000000000ffff', 'hex'), randomBytes(60)]),
      unknownSession,
    ];
    const before = { memory: await server.peakBytes(), refused: await refusedSoFar() };
    await using peer = await PeerSocket.open(server.device);
    await peer.flood(FLOOD, (index) => kinds[index % kinds.length]?.() ?? hello);
    // A tenth may be lost on the way, as the network is free to do; keep-alives of one byte are not counted.
    const counted = async () => (await refusedSoFar()) - before.refused > FLOOD * 0.6;
    await eventually('the flood to be counted', counted);
    expect(peer.receivedBytes).toBeLessThanOrEqual(peer.sentBytes);
    expect(await handshakesUnderWay()).toBe(0);
    expect((await server.peakBytes()) - before.memory).toBeLessThan(MEMORY_SLACK);
  });
});

describe('datagrams of a device that somebody recorded', () => {
  it('change nothing when they are sent again', async () => {
    const recorded: Uint8Array[] = [];
    const device = powerOn(server, await registerDevice(client, 'overheard'), {
      openSocket: async () => {
        const socket = await openUdpSocket(server.device.address);
        const send: typeof socket.send = (bytes, ...to) => {
          recorded.push(Uint8Array.from(bytes));
          socket.send(bytes, ...to);
        };
        return { ...socket, send };
      },
    });
    const stream = await RecordedStream.open(client, { deviceId: device.deviceId });
    await device.connect();
    await device.publish('once', '1');
    await using eavesdropper = await PeerSocket.open(server.device);
    const refused = await refusedSoFar();
    await eavesdropper.flood(recorded.length * 10, (index) => recorded[index % recorded.length] ?? Buffer.alloc(0));
    await eventually('the replays to be refused', async () => (await refusedSoFar()) - refused > recorded.length);
    expect(eavesdropper.receivedBytes).toBeLessThanOrEqual(eavesdropper.sentBytes);
    // The device is where it was, and its connection is as good as before.
    await device.publish('twice', '2');
    await stream.received('twice', '2');
    expect(stream.names().filter((name) => name === 'once')).toHaveLength(1);
    expect(device.stats).toMatchObject({ handshakes: 1, disconnects: 0 });
    stream.close();
    await device.disconnect();
  });
});

describe('handshakes that begin and do not go on', () => {
  it('are remembered nowhere and answered with no more bytes than they had', async () => {
    const peers = await Promise.all(Array.from({ length: 20 }, () => PeerSocket.open(server.device)));
    const hello = clientHello();
    const memory = await server.peakBytes();
    await Promise.all(peers.map((peer) => peer.flood(500, () => hello)));
    await eventually('answers', () => peers.every(({ received }) => received.length > 250));
    expect(await handshakesUnderWay()).toBe(0);
    for (const peer of peers) {
      expect(Math.max(...peer.received.map(({ length }) => length))).toBeLessThanOrEqual(hello.length);
      expect(peer.receivedBytes).toBeLessThanOrEqual(peer.sentBytes);
      await peer[Symbol.asyncDispose]();
    }
    expect((await server.peakBytes()) - memory).toBeLessThan(MEMORY_SLACK);
  });

  it('need the cookie of their own address', async () => {
    await using home = await PeerSocket.open(server.device);
    await using elsewhere = await PeerSocket.open(server.device);
    const device = handshakingDevice();
    for (const datagram of device.start()) home.send(datagram);
    const verify = await eventually('a cookie', () => home.received[0]);
    const withCookie = device.answer(verify);
    expect(withCookie).toHaveLength(1);

    for (const datagram of withCookie) elsewhere.send(datagram);
    await eventually('another cookie', () => elsewhere.received.length > 0);
    expect(await handshakesUnderWay()).toBe(0);
    expect(elsewhere.receivedBytes).toBeLessThanOrEqual(elsewhere.sentBytes);

    for (const datagram of withCookie) home.send(datagram);
    await eventually('the handshake to be under way', async () => (await handshakesUnderWay()) === 1);
  });
});
