import { type DeviceId, minutes, parseDeviceId, seconds, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { RawDevice, RecordedPorts, SimulatedNetwork, VirtualClock } from '@cloudchamber/testkit';
import {
  AlertDescription,
  AlertLevel,
  ContentType,
  encodeAlert,
  encodeGoodbye,
  generateP256,
  type PrivateKeyP256,
  parseRecords,
} from '@cloudchamber/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { Gateway, type GatewaySettings } from '../src/index.ts';

const SERVER = { address: '10.0.0.1', port: 5684 };
const DEVICE = parseDeviceId('e00fce680123456789abcdef') as DeviceId;

describe('what the cloud is told of connections over UDP', () => {
  let clock: VirtualClock;
  let network: SimulatedNetwork;
  let ports: RecordedPorts;
  let gateway: Gateway;
  const identity = generateP256();

  const open = (settings: Partial<GatewaySettings> = {}) => {
    clock = new VirtualClock();
    network = new SimulatedNetwork(clock, seededEntropy(1));
    ports = new RecordedPorts();
    const udp = network.bind(SERVER.address, SERVER.port);
    const parts = { ports, clock, log: silentLogger, identity, udp, settings };
    gateway = new Gateway({ ...parts, entropy: seededEntropy(2) });
  };
  beforeEach(() => open());

  function makeDevice(
    options: { serverSpki?: Uint8Array; identity?: PrivateKeyP256; offerCid?: boolean } = {},
  ): RawDevice {
    const device = new RawDevice({
      deviceId: DEVICE,
      clock,
      entropy: seededEntropy(3),
      socket: network.bind('10.0.0.2', 40_001),
      server: SERVER,
      serverSpki: identity.spki,
      ...options,
    });
    ports.keys.set(DEVICE, device.identity.spki);
    return device;
  }

  async function secured(options: Parameters<typeof makeDevice>[0] = {}): Promise<RawDevice> {
    const device = makeDevice(options);
    device.startHandshake();
    await clock.elapse(20);
    expect(device.session).toBeDefined();
    return device;
  }

  async function connected(): Promise<RawDevice> {
    const device = await secured();
    device.hello();
    await clock.elapse(20);
    return device;
  }

  const common = { transport: 'udp', address: '10.0.0.2', port: 40_001 } as const;

  it('a device that is admitted, once, with its key', async () => {
    const device = await connected();
    expect(ports.outcomes).toEqual([
      {
        ...common,
        stage: 'admitted',
        deviceId: DEVICE,
        publicKey: device.identity.spki,
        keyProved: true,
        at: expect.any(Number),
      },
    ]);
    // A Hello that refreshes the session is no new connection.
    device.hello(2);
    await clock.elapse(20);
    expect(ports.outcomes).toHaveLength(1);
  });

  it('a device that goes on with its session', async () => {
    const device = await connected();
    device.send(encodeGoodbye({ id: 2 }));
    await clock.elapse(20);
    device.hello(3);
    await clock.elapse(20);
    expect(ports.outcomes.map(({ stage, deviceId }) => [stage, deviceId])).toEqual([
      ['admitted', DEVICE],
      ['resumed', DEVICE],
    ]);
  });

  it.each([
    ['unknown_device', () => ports.keys.clear()],
    ['key_mismatch', () => ports.keys.set(DEVICE, generateP256().spki)],
    ['no_key_registered', () => refuseWith('no_key_registered')],
    ['denied', () => refuseWith('denied')],
    ['unavailable', () => refuseWith('unavailable')],
  ] as const)('%s, with the key to approve', async (reason, prepare) => {
    const device = await secured();
    prepare();
    device.hello();
    await clock.elapse(20);
    const proved = { publicKey: device.identity.spki, keyProved: true };
    expect(ports.outcomes).toEqual([
      { ...common, stage: 'hello', reason, deviceId: DEVICE, ...proved, at: expect.any(Number) },
    ]);
  });

  function refuseWith(reason: 'no_key_registered' | 'denied' | 'unavailable'): void {
    ports.authenticate = async () => ({ admitted: false, reason });
  }

  it('wrong_server_key as soon as the device says so', async () => {
    const device = makeDevice({ serverSpki: generateP256().spki });
    device.startHandshake();
    await clock.elapse(20);
    const told = { ...common, stage: 'client_hello', reason: 'wrong_server_key', keyProved: false };
    expect(ports.outcomes).toEqual([{ ...told, at: expect.any(Number) }]);
    await clock.elapse(minutes(1));
    expect(ports.outcomes).toHaveLength(1);
    expect(gateway.gauges().handshakes).toBe(0);
  });

  it('timed_out of a device that never got an answer', async () => {
    const device = makeDevice();
    network.intercept = (bytes, from) => (from.startsWith(SERVER.address) && bytes.length > 100 ? 'drop' : 'pass');
    device.startHandshake();
    await clock.elapse(seconds(44));
    expect(ports.outcomes).toEqual([]);
    await clock.elapse(seconds(5));
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'client_hello', reason: 'timed_out' }]);
  });

  it('timed_out with the key that was shown, when only the last flight is missing', async () => {
    const device = makeDevice();
    let sent = 0;
    network.intercept = (bytes, from) => {
      if (!from.startsWith('10.0.0.2')) return 'pass';
      sent++;
      // From the third datagram on it is the device's last flight: its end, the Finished, is cut off.
      return sent >= 3 ? [withoutLastRecord(bytes)] : 'pass';
    };
    device.startHandshake();
    await clock.elapse(seconds(50));
    const shown = { publicKey: Buffer.from(device.identity.spki), keyProved: true };
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'key_proved', reason: 'timed_out', ...shown }]);
  });

  it('bad_proof when the signature is not of the key that was shown', async () => {
    const other = generateP256();
    const own = generateP256();
    const device = await makeFailing({ ...own, spki: own.spki, sign: (bytes: Uint8Array) => other.sign(bytes) });
    const shown = { publicKey: Buffer.from(device.identity.spki), keyProved: false };
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'key_exchange', reason: 'bad_proof', ...shown }]);
  });

  async function makeFailing(made: PrivateKeyP256): Promise<RawDevice> {
    const device = makeDevice({ identity: made });
    device.startHandshake();
    await clock.elapse(20);
    expect(device.session).toBeUndefined();
    return device;
  }

  it('bad_message when the handshake breaks off with something else', async () => {
    const device = makeDevice();
    let sent = 0;
    network.intercept = (bytes, from) => {
      if (!from.startsWith('10.0.0.2') || ++sent !== 3) return 'pass';
      const spoilt = Buffer.from(bytes);
      // The type of the first handshake message, behind the record's header.
      spoilt[13] = 20;
      return [spoilt];
    };
    device.startHandshake();
    await clock.elapse(20);
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'client_hello', reason: 'bad_message' }]);
  });

  it('began_again when a new hello takes the place of a handshake', async () => {
    network.intercept = (bytes, from) => (from.startsWith(SERVER.address) && bytes.length > 100 ? 'drop' : 'pass');
    const device = makeDevice();
    device.startHandshake();
    await clock.elapse(seconds(5));
    device.startHandshake();
    await clock.elapse(20);
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'client_hello', reason: 'began_again' }]);
  });

  it('no_hello when nothing follows the handshake', async () => {
    await secured();
    await clock.elapse(minutes(2));
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'secured', reason: 'no_hello', keyProved: true }]);
  });

  it('closed when the device ends the session before it says Hello', async () => {
    const device = await secured();
    const alert = encodeAlert({ level: AlertLevel.FATAL, description: AlertDescription.DECODE_ERROR });
    device.sendRaw(device.session?.seal(ContentType.ALERT, alert) ?? Buffer.alloc(0));
    await clock.elapse(20);
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'secured', reason: 'closed' }]);
  });

  it('device_id_missing when a session names another device than before', async () => {
    const device = await connected();
    device.hello(2, parseDeviceId('e00fce68ffffffffffffffff'));
    await clock.elapse(20);
    expect(ports.outcomes.map(({ stage, reason }) => [stage, reason])).toEqual([
      ['admitted', undefined],
      ['hello', 'device_id_missing'],
    ]);
  });

  it('too_many when there is no room for a handshake', async () => {
    open({ maxHandshakesPerAddress: 0 });
    makeDevice().startHandshake();
    await clock.elapse(20);
    expect(ports.outcomes).toMatchObject([{ ...common, stage: 'client_hello', reason: 'too_many' }]);
  });

  it('nothing of peers that have not shown that they own their address: they are counted', async () => {
    const device = makeDevice();
    network.intercept = (_bytes, from) => (from.startsWith(SERVER.address) ? 'drop' : 'pass');
    device.startHandshake();
    await clock.elapse(minutes(2));
    expect(ports.outcomes).toEqual([]);
    expect(gateway.counters.get('hellos_to_verify')).toBeGreaterThan(0);
  });

  it('nothing when the server stops', async () => {
    await secured();
    await gateway.stop();
    expect(ports.outcomes).toEqual([]);
  });
});

/** A datagram of several records, without the last. */
function withoutLastRecord(datagram: Uint8Array): Uint8Array {
  return datagram.subarray(0, parseRecords(datagram).at(-1)?.start);
}
