import { createPublicKey, randomBytes } from 'node:crypto';
import { publicKeyPem } from '@cloudchamber/cloud';
import { deviceIdFromBytes, systemClock, systemEntropy } from '@cloudchamber/kernel';
import { BEHAVIOURS, openTcpStream, TCP_PROFILES, VirtualDevice } from '@cloudchamber/virtual-device';
import { generateRsa } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { eventually } from './harness/eventually.ts';
import { RecordedStream } from './harness/recorded-stream.ts';

const profile = TCP_PROFILES.get('device-os-2.3-tcp');
if (profile === undefined) throw new Error('there is no profile on TCP');

let server: CloudServer;
let client: Particle;
let photon: VirtualDevice;

/** A Photon of the account: registered with its RSA key and claimed, not connected. */
async function newPhoton(registered = true): Promise<VirtualDevice> {
  const identity = generateRsa(1024);
  const deviceId = deviceIdFromBytes(randomBytes(12));
  if (registered) await client.sendPublicKey({ deviceId, key: publicKeyPem(identity.spki), algorithm: 'rsa' });
  if (registered) await client.claimDevice({ deviceId });
  const response = await fetch(`${server.url}/v1/server-key?algorithm=rsa`);
  const { public_key: pem } = (await response.json()) as { public_key: string };
  const { address, port } = server.tcpDevice;
  return new VirtualDevice({
    deviceId,
    identity,
    serverSpki: createPublicKey(pem).export({ type: 'spki', format: 'der' }),
    server: server.tcpDevice,
    openStream: () => openTcpStream(address, port),
    clock: systemClock,
    entropy: systemEntropy,
    profile: profile as NonNullable<typeof profile>,
    behaviour: BEHAVIOURS.get('echo'),
  });
}

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  photon = await newPhoton();
  await photon.connect();
});
afterAll(async () => {
  await photon?.disconnect();
  await server?.dispose();
});

describe('a Photon on TCP', () => {
  it('is online with its functions and variables', async () => {
    const { body } = await client.getDevice({ deviceId: photon.deviceId });
    expect(body).toMatchObject({ online: true, platform_id: 6, functions: ['echo', 'publish', 'fail'] });
  });

  it('answers calls, reads and pings', async () => {
    const { deviceId } = photon;
    const called = await client.callFunction({ deviceId, name: 'echo', argument: 'hello' });
    expect(called.body.return_value).toBe(5);
    const read = await client.getVariable({ deviceId, name: 'last' });
    expect(read.body.result).toBe('hello');
    const pinged = await client.put({ uri: `/v1/devices/${deviceId}/ping` });
    expect(pinged.body).toMatchObject({ online: true, ok: true });
    await client.signalDevice({ deviceId, signal: true });
    expect(photon.signalled).toBe(true);
  });

  it('publishes to everybody who listens, and hears what it subscribed to', async () => {
    const stream = await RecordedStream.open(client, { deviceId: 'mine', name: 'tcp' });
    await photon.publish('tcp/temp', '21.5');
    await stream.received('tcp/temp', '21.5');
    await client.publishEvent({ name: 'echo/door', data: 'open', isPrivate: true });
    await eventually('the device to hear', async () => {
      const { body } = await client.getVariable({ deviceId: photon.deviceId, name: 'last' });
      return body.result === 'open';
    });
    stream.close();
  });

  it('comes back by itself after a kill of the server, with a handshake', async () => {
    await server.kill9();
    await server.start();
    await eventually(
      'the device to be back',
      () => photon.stats.handshakes === 2 && photon.state === 'connected',
      30_000,
    );
    await photon.publish('tcp/back');
  });

  it('is turned away with an unknown key', async () => {
    const stranger = await newPhoton(false);
    const ends: (string | undefined)[] = [];
    stranger.onState(({ end }) => end && ends.push(end));
    void stranger.connect();
    await eventually('the refusal', () => ends.length > 0);
    await stranger.disconnect();
    expect(ends[0]).toBe('refused');
  });
});
