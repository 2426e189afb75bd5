import { ChamberError, type DeviceId, parseDeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { RawDevice, RecordedPorts, SimulatedNetwork, VirtualClock } from '@cloudchamber/testkit';
import {
  AlertDescription,
  CoapCode,
  CoapType,
  ContentType,
  classifyFromServer,
  emptyAck,
  emptyCon,
  encodeApplicationDescribe,
  encodeCoap,
  encodeDescribePost,
  encodeFunctionResult,
  encodeGoodbye,
  encodePublish,
  encodeSubscribe,
  encodeTimeRequest,
  encodeVariableResponse,
  generateP256,
  reset,
} from '@cloudchamber/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { Gateway } from '../src/index.ts';

const SERVER = { address: '10.0.0.1', port: 5684 };
const DEVICE = parseDeviceId('e00fce680123456789abcdef') as DeviceId;

describe('gateway over UDP', () => {
  let clock: VirtualClock;
  let network: SimulatedNetwork;
  let ports: RecordedPorts;
  let gateway: Gateway;
  const identity = generateP256();

  beforeEach(() => {
    clock = new VirtualClock();
    network = new SimulatedNetwork(clock, seededEntropy(1));
    ports = new RecordedPorts();
    gateway = new Gateway({
      ports,
      clock,
      entropy: seededEntropy(2),
      log: silentLogger,
      identity,
      udp: network.bind(SERVER.address, SERVER.port),
    });
  });

  function makeDevice(options: { deviceId?: DeviceId; offerCid?: boolean; register?: boolean } = {}): RawDevice {
    const device = new RawDevice({
      deviceId: options.deviceId ?? DEVICE,
      clock,
      entropy: seededEntropy(3),
      socket: network.bind('10.0.0.2'),
      server: SERVER,
      serverSpki: identity.spki,
      offerCid: options.offerCid ?? true,
    });
    if (options.register ?? true) ports.keys.set(device.deviceId, device.identity.spki);
    return device;
  }

  async function connect(device: RawDevice): Promise<RawDevice> {
    device.startHandshake();
    await clock.elapse(20);
    device.hello();
    await clock.elapse(20);
    return device;
  }

  async function connected(options: { deviceId?: DeviceId; offerCid?: boolean } = {}): Promise<RawDevice> {
    const device = await connect(makeDevice(options));
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: 0, id: 1 });
    return device;
  }

  it('admits a device whose key is registered, after its Hello', async () => {
    const device = makeDevice();
    device.startHandshake();
    await clock.elapse(20);
    expect(device.session).toBeDefined();
    expect(gateway.commands.isOnline(DEVICE)).toBe(false);
    device.hello();
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.EMPTY, id: 1 });
    expect(gateway.commands.isOnline(DEVICE)).toBe(true);
    expect(ports.presence).toEqual([{ deviceId: DEVICE, online: true }]);
    expect(ports.attempts[0]).toMatchObject({ transport: 'udp', address: '10.0.0.2', hello: { systemVersion: 6200 } });
  });

  it.each([
    [
      'another key is registered',
      (device: RawDevice) => ports.keys.set(device.deviceId, generateP256().spki),
      'key_mismatch',
    ],
    ['the device is unknown', () => ports.keys.clear(), 'unknown_device'],
  ])('refuses a device when %s, and counts why', async (_name, prepare, reason) => {
    const device = makeDevice();
    prepare(device);
    await connect(device);
    expect(device.inbox).toEqual([]);
    expect(device.alerts).toEqual([AlertDescription.ACCESS_DENIED]);
    expect(gateway.counters.get('refused', reason)).toBe(1);
    expect(gateway.gauges()).toMatchObject({ sessions: 0, online: 0 });
  });

  it('refuses a device that claims the id of another one', async () => {
    const other = parseDeviceId('e00fce68ffffffffffffffff') as DeviceId;
    ports.keys.set(other, generateP256().spki);
    const device = makeDevice();
    device.startHandshake();
    await clock.elapse(20);
    device.hello(1, other);
    await clock.elapse(20);
    expect(gateway.counters.get('refused', 'key_mismatch')).toBe(1);
    expect(gateway.commands.isOnline(other)).toBe(false);
  });

  it('acknowledges an event after it is stored, not before', async () => {
    const device = await connected();
    let stored = (): void => {};
    ports.commit = () => new Promise((resolve) => (stored = resolve));
    device.send(encodePublish({ id: 7, name: 'temp', data: '21.5' }));
    await clock.elapse(1000);
    expect(device.inbox).toEqual([]);
    stored();
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: 0, id: 7 });
    expect(ports.published).toMatchObject([{ deviceId: DEVICE, name: 'temp', ttlSeconds: 60, contentFormat: 0 }]);
    expect(Buffer.from(ports.published[0]?.data ?? []).toString()).toBe('21.5');
  });

  it('answers 4.00 when the event itself is at fault', async () => {
    const device = await connected();
    ports.commit = () => Promise.reject(new ChamberError('event.invalid', 'caller', 'a bad name'));
    device.send(encodePublish({ id: 7, name: 'a\nb', data: '1' }));
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.BAD_REQUEST, id: 7 });
  });

  it('answers 5.03 when the event cannot be stored', async () => {
    const device = await connected();
    ports.commit = () => Promise.reject(new Error('disk full'));
    device.send(encodePublish({ id: 7, name: 'temp', data: '21.5' }));
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.SERVICE_UNAVAILABLE, id: 7 });
  });

  it('stores a repeated event once and repeats its ACK', async () => {
    const device = await connected();
    for (let times = 0; times < 3; times++) device.send(encodePublish({ id: 7, name: 'temp', data: '1' }));
    await clock.elapse(20);
    device.send(encodePublish({ id: 7, name: 'temp', data: '1' }));
    await clock.elapse(20);
    expect(ports.published).toHaveLength(1);
    expect(device.inbox.map(({ id }) => id)).toEqual([7, 7, 7, 7]);
    expect(gateway.counters.get('messages_repeated')).toBe(3);
  });

  it('drops a replayed datagram', async () => {
    const device = await connected();
    const datagram = device.send(encodePublish({ id: 7, name: 'temp', data: '1' }));
    await clock.elapse(20);
    device.sendRaw(datagram);
    await clock.elapse(20);
    expect(ports.published).toHaveLength(1);
    expect(gateway.counters.get('datagrams_dropped', 'replayed')).toBe(1);
  });

  it('puts an event together that comes in blocks', async () => {
    const device = await connected();
    const whole = Buffer.alloc(1500, 'x');
    const requestTag = Uint8Array.of(1, 2, 3, 4);
    const block = (number: number, more: boolean) => ({ number, more, szx: 6 });
    const common = { name: 'big', token: 9, requestTag };
    device.send(encodePublish({ ...common, id: 2, data: whole.subarray(0, 1024), block1: block(0, true) }));
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.CONTINUE, id: 2 });
    device.send(encodePublish({ ...common, id: 3, data: whole.subarray(1024), block1: block(1, false) }));
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.CHANGED, id: 3 });
    expect(ports.published[0]?.data).toEqual(whole);
  });

  it('answers ping, time and Goodbye, and keeps the session after Goodbye', async () => {
    const device = await connected();
    device.send(emptyCon(2));
    device.send(encodeTimeRequest({ id: 3, token: 0x21 }));
    device.send(encodeGoodbye({ id: 4 }));
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: 0, id: 2 });
    const time = device.take();
    expect(time).toMatchObject({ type: CoapType.ACK, code: CoapCode.CONTENT, id: 3 });
    expect(Buffer.from(time.payload).readUInt32BE()).toBe(Math.floor(clock.now() / 1000));
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: 0, id: 4 });
    expect(ports.presence.at(-1)).toEqual({ deviceId: DEVICE, online: false, reason: 'goodbye' });
    device.send(emptyCon(5), ContentType.MOVED_CONNECTION_ID);
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ id: 5 });
    expect(gateway.commands.isOnline(DEVICE)).toBe(true);
  });

  it('stores subscriptions and Describe before their ACK; the first subscription starts a new set', async () => {
    const device = await connected();
    device.send(encodeSubscribe({ id: 2, prefix: 'alerts/' }));
    device.send(encodeSubscribe({ id: 3, prefix: '', accepts: 'cbor' }));
    const payload = encodeApplicationDescribe({ functions: ['led'], variables: { temp: 'double' } });
    device.send(encodeDescribePost({ id: 4, token: 1, flags: 2, payload }));
    await clock.elapse(20);
    expect(device.inbox.splice(0).map(({ id, code }) => [id, code])).toEqual([
      [2, 0],
      [3, 0],
      [4, CoapCode.CHANGED],
    ]);
    expect(
      ports.subscriptions.map(({ subscription, first }) => [subscription.prefix, subscription.accepts, first]),
    ).toEqual([
      ['alerts/', 'text', true],
      ['', 'cbor', false],
    ]);
    expect(ports.descriptions[0]?.description).toEqual({
      kind: 'application',
      application: { functions: ['led'], variables: { temp: 'double' } },
    });
  });

  it('calls a function: ACK first, then a separate response that it acknowledges', async () => {
    const device = await connected();
    const result = gateway.commands.callFunction(DEVICE, 'led', 'on');
    await clock.elapse(20);
    const request = device.take();
    expect(classifyFromServer(request)).toMatchObject({ kind: 'function-call', name: 'led', argument: 'on' });
    device.send(emptyAck(request.id));
    device.send(encodeFunctionResult({ id: 2, token: request.token, value: -1 }));
    await clock.elapse(20);
    await expect(result).resolves.toBe(-1);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: 0, id: 2 });
  });

  it('repeats a request that is not acknowledged at 4-6, 12-18 and 28-42 s, and times out after 30 s', async () => {
    const device = await connected();
    const result = gateway.commands.callFunction(DEVICE, 'led', 'on');
    const outcome = expect(result).rejects.toMatchObject({ code: 'device.timed_out' });
    const seen: number[] = [];
    const ids = new Set<number>();
    for (let second = 0; second < 50; second++) {
      await clock.elapse(1000);
      for (const message of device.inbox.splice(0)) {
        seen.push(second);
        ids.add(message.id);
      }
    }
    await outcome;
    expect(seen).toHaveLength(4);
    expect(ids.size).toBe(1);
    expect(seen[1]).toBeGreaterThanOrEqual(3);
    expect(seen[3]).toBeLessThanOrEqual(43);
  });

  it('calls a device offline that leaves a request unanswered to the end, and online again when it is heard', async () => {
    const device = await connected();
    gateway.commands.ping(DEVICE).catch(() => {});
    for (let second = 0; second < 95; second += 5) {
      await clock.elapse(5000);
      // Its own traffic goes on, so silence is not what tells.
      device.send(encodeCoap({ type: CoapType.NON, code: CoapCode.POST, id: 100 + second, options: [] }));
    }
    expect(ports.presence).toContainEqual({ deviceId: DEVICE, online: false, reason: 'unresponsive' });
    expect(gateway.commands.isOnline(DEVICE)).toBe(true);
  });

  it.each([
    ['bool', true],
    ['int', -42],
    ['string', 'grüße'],
    ['double', 21.5],
  ] as const)('reads a variable of type %s', async (type, value) => {
    const device = await connected();
    const read = gateway.commands.readVariable(DEVICE, 'v', type);
    await clock.elapse(20);
    const request = device.take();
    device.send(encodeVariableResponse({ id: 2, token: request.token, type, value }));
    await clock.elapse(20);
    await expect(read).resolves.toBe(value);
  });

  it('refuses commands to a device that is not connected, at once', async () => {
    await expect(gateway.commands.readVariable(DEVICE, 'v', 'int')).rejects.toMatchObject({
      code: 'device.not_connected',
    });
    await expect(
      gateway.commands.deliver(DEVICE, { name: 'a', data: new Uint8Array(), contentFormat: 0 }),
    ).resolves.toBe(false);
  });

  it('tells a refused request from a silent one', async () => {
    const device = await connected();
    const read = gateway.commands.readVariable(DEVICE, 'v', 'int');
    const outcome = expect(read).rejects.toMatchObject({ code: 'device.rejected' });
    await clock.elapse(20);
    device.send(reset(device.take().id));
    await clock.elapse(20);
    await outcome;
  });

  it('delivers events one by one when the device acknowledges them, and refuses more than it can queue', async () => {
    const device = await connected();
    const deliveries = Array.from({ length: 200 }, (_, n) =>
      gateway.commands.deliver(DEVICE, { name: `e/${n}`, data: Buffer.from('x'), contentFormat: 0 }),
    );
    for (let round = 0; round < 200; round++) {
      await clock.elapse(10);
      for (const message of device.inbox.splice(0)) device.send(emptyAck(message.id));
    }
    const delivered = (await Promise.all(deliveries)).filter(Boolean).length;
    expect(delivered).toBe(136);
  });

  it('counts a device as offline after two keep-alives of silence, 50 s on Wi-Fi', async () => {
    await connected();
    await clock.elapse(49_000);
    expect(gateway.commands.isOnline(DEVICE)).toBe(true);
    await clock.elapse(3_000);
    expect(gateway.commands.isOnline(DEVICE)).toBe(false);
    expect(ports.presence.at(-1)).toMatchObject({ online: false, reason: 'silent' });
  });

  it('learns a longer keep-alive from a device that comes back on its session', async () => {
    const device = await connected();
    await clock.elapse(120_000);
    device.send(emptyCon(2));
    await clock.elapse(120_000);
    device.send(emptyCon(3));
    await clock.elapse(120_000);
    const offlines = ports.presence.filter(({ online }) => !online);
    expect(offlines).toHaveLength(1);
  });

  it('follows a device to a new address, but not a record that is older than the newest', async () => {
    const device = await connected();
    const held = device.session?.seal(ContentType.APPLICATION_DATA, emptyCon(50)) as Uint8Array;
    const oldSocket = device.socket;
    device.moveTo(network.bind('10.0.0.9'));
    device.send(emptyCon(2), ContentType.MOVED_CONNECTION_ID);
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ id: 2 });
    oldSocket.send(held, SERVER.address, SERVER.port);
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ id: 50 });
    expect(gateway.counters.get('address_changes')).toBe(1);
  });

  it('keeps devices apart that have no connection id, by their address', async () => {
    const device = await connected({ offerCid: false });
    device.send(encodePublish({ id: 2, name: 'old', data: '1' }));
    await clock.elapse(20);
    expect(device.take()).toMatchObject({ id: 2 });
    expect(ports.published).toHaveLength(1);
  });

  it('lets a new session replace the old one only after its Hello', async () => {
    const first = await connected();
    const second = new RawDevice({
      deviceId: DEVICE,
      identity: first.identity,
      clock,
      entropy: seededEntropy(9),
      socket: network.bind('10.0.0.3'),
      server: SERVER,
      serverSpki: identity.spki,
    });
    second.startHandshake();
    await clock.elapse(20);
    first.send(emptyCon(2));
    await clock.elapse(20);
    expect(first.take()).toMatchObject({ id: 2 });
    second.hello();
    await clock.elapse(20);
    expect(second.take()).toMatchObject({ id: 1 });
    first.send(emptyCon(3));
    await clock.elapse(20);
    expect(first.inbox).toEqual([]);
    expect(gateway.gauges()).toMatchObject({ sessions: 1, online: 1 });
  });

  it('refuses what it does not know by code, so that the device is not left waiting', async () => {
    const device = await connected();
    device.send(encodeCoap({ type: CoapType.CON, code: CoapCode.POST, id: 2, options: [{ number: 11, value: 'Q' }] }));
    device.send(
      encodeCoap({
        type: CoapType.CON,
        code: CoapCode.POST,
        id: 3,
        options: [
          { number: 11, value: 'E' },
          { number: 11, value: 'x' },
          { number: 4001, value: Uint8Array.of(1) },
        ],
      }),
    );
    device.send(
      encodeCoap({
        type: CoapType.CON,
        code: CoapCode.POST,
        id: 4,
        options: [
          { number: 11, value: 'E' },
          { number: 11, value: Uint8Array.of(0xff, 0xfe) },
        ],
      }),
    );
    await clock.elapse(20);
    expect(device.inbox.map(({ id, code }) => [id, code])).toEqual([
      [2, CoapCode.NOT_IMPLEMENTED],
      [3, CoapCode.BAD_OPTION],
      [4, CoapCode.BAD_REQUEST],
    ]);
    expect(ports.published).toEqual([]);
  });

  it('drops a session that never says Hello', async () => {
    const device = makeDevice();
    device.startHandshake();
    await clock.elapse(20);
    device.send(emptyCon(2));
    await clock.elapse(70_000);
    expect(device.inbox).toEqual([]);
    expect(gateway.gauges().sessions).toBe(0);
    expect(gateway.counters.get('refused', 'no_hello')).toBe(1);
  });

  it('ends the session on close_notify, and makes a device end its own by PUT /k and close_notify', async () => {
    const device = await connected();
    gateway.commands.endSession(DEVICE);
    await clock.elapse(20);
    expect(classifyFromServer(device.take())).toMatchObject({ kind: 'discard-session' });
    expect(device.alerts).toEqual([AlertDescription.CLOSE_NOTIFY]);
    expect(gateway.gauges().sessions).toBe(0);
  });

  it('tells of devices that were heard, every few seconds', async () => {
    await connected();
    await clock.elapse(6_000);
    expect(ports.heardOf.get(DEVICE)).toBeGreaterThan(clock.now() - 10_000);
  });

  it('leaves no timer behind when it stops, and tells that devices are gone', async () => {
    await connected();
    await gateway.stop();
    expect(clock.pending).toBe(0);
    expect(ports.presence.at(-1)).toEqual({ deviceId: DEVICE, online: false, reason: 'server_stopping' });
  });

  it('survives any datagram, and keeps nothing for it', async () => {
    const socket = network.bind('10.0.0.66');
    const entropy = seededEntropy(77);
    for (let n = 0; n < 2000; n++) {
      const bytes = entropy.bytes(Math.floor(entropy.fraction() * 200));
      if (n % 2 && bytes.length > 13) bytes.set([22, 0xfe, 0xfd, 0, 0]);
      if (n % 3 === 0 && bytes.length > 21) bytes.set([25, 0xfe, 0xfd, 0, 1]);
      socket.send(bytes, SERVER.address, SERVER.port);
    }
    await clock.elapse(100);
    expect(gateway.gauges()).toEqual({ sessions: 0, online: 0, handshakes: 0 });
    expect(gateway.counters.get('faults', 'datagram')).toBe(0);
  });
});
