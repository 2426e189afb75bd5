import { systemClock, systemEntropy } from '@cloudchamber/kernel';
import { openUdpSocket, PROFILES, VirtualDevice } from '@cloudchamber/virtual-device';
import { CoapOptionNumber, CoapType, emptyCon, findOption, generateP256 } from '@cloudchamber/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newDeviceIdentity } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { loadMbed, ParticleDtlsServer } from '../harness/particle-dtls-server.ts';

const mbed = loadMbed();
const skipped = typeof mbed === 'string' ? ` (SKIPPED: node-mbed-dtls cannot be used here: ${mbed})` : '';
if (skipped !== '') console.warn(`Our device against Particle's DTLS server${skipped}`);

/** Those before connection ids: what this server knows. */
const GENERATIONS = ['device-os-0.5', 'device-os-1.5', 'device-os-2.3'];

describe.skipIf(typeof mbed === 'string')(`our device against Particle's DTLS server${skipped}`, () => {
  const identity = generateP256();
  const devices: VirtualDevice[] = [];
  let server: ParticleDtlsServer;

  beforeEach(async () => {
    if (typeof mbed !== 'string') server = await ParticleDtlsServer.start(mbed, identity.pem);
  });
  afterEach(async () => {
    await Promise.all(devices.splice(0).map((device) => device.disconnect({ timeoutMs: 500 })));
    await server.stop();
  });

  function powerOn(generation: string, serverSpki = identity.spki) {
    const profile = PROFILES.get(generation);
    if (profile === undefined) throw new Error(`no profile ${generation}`);
    const { deviceId, identity: own } = newDeviceIdentity();
    const device = new VirtualDevice({
      deviceId,
      identity: own,
      serverSpki,
      server: server.address,
      clock: systemClock,
      entropy: systemEntropy,
      openSocket: () => openUdpSocket('127.0.0.1'),
      profile,
    });
    devices.push(device);
    return { device, deviceId, own };
  }

  const published = (name: string) =>
    eventually(`the event ${name}`, () =>
      server.received.find(({ options }) => options.some(({ value }) => Buffer.from(value).toString() === name)),
    );

  describe.each(GENERATIONS)('%s', (generation) => {
    it('shakes hands, proves its key, and talks in both directions', async () => {
      const { device, own } = powerOn(generation);
      await device.connect();
      expect(device.stats).toMatchObject({ attempts: 1, handshakes: 1 });
      expect(server.publicKeys.map((key) => key.toString('hex'))).toEqual([Buffer.from(own.spki).toString('hex')]);
      const data = 'x'.repeat(200);
      await device.publish('interop', data);
      expect(Buffer.from((await published('interop')).payload).toString()).toBe(data);
      server.send(emptyCon(0x4711));
      await eventually('the ACK of a ping', () =>
        server.received.find(({ type, id }) => type === CoapType.ACK && id === 0x4711),
      );
      expect(server.errors).toEqual([]);
    });

    it('is found again from another port, by a record of type 254', async () => {
      const { device, deviceId } = powerOn(generation);
      await device.connect();
      const before = server.peerPort;
      await device.disconnect();
      await device.connect();
      expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
      expect(new Set(server.lookedUp)).toEqual(new Set([deviceId]));
      expect(server.peerPort).not.toBe(before);
      await device.publish('moved', 'on');
      await published('moved');
      expect(server.errors).toEqual([]);
    });

    it('leaves a server with another key, and tells it so', async () => {
      const { device } = powerOn(generation, generateP256().spki);
      const ends: string[] = [];
      device.onState(({ end }) => end && ends.push(end));
      void device.connect();
      await eventually('the refusal', () => server.errors.length > 0);
      expect(ends[0]).toBe('wrong_server_key');
      expect(server.errors[0]).toMatch(/fatal alert/i);
      expect(server.publicKeys).toEqual([]);
    });
  });

  it('comes back with a new handshake after close_notify', async () => {
    const { device } = powerOn('device-os-2.3');
    await device.connect();
    server.hangUp();
    await eventually('the second handshake', () => device.stats.handshakes === 2);
    await eventually('the connection', () => device.state === 'connected');
    await device.publish('again', '');
    await published('again');
  });

  it('is one of fifty at once', async () => {
    const fleet = Array.from({ length: 50 }, () => powerOn('device-os-2.3'));
    await Promise.all(fleet.map(({ device }) => device.connect()));
    expect(new Set(server.publicKeys.map((key) => key.toString('hex')))).toEqual(
      new Set(fleet.map(({ own }) => Buffer.from(own.spki).toString('hex'))),
    );
    const paths = server.received.map((message) => findOption(message, CoapOptionNumber.URI_PATH));
    expect(paths.filter((path) => path && Buffer.from(path).toString() === 'h')).toHaveLength(50);
    expect(server.errors).toEqual([]);
  });
});
