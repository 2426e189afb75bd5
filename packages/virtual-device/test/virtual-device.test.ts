import { type DeviceId, minutes, seconds, seededEntropy } from '@cloudchamber/kernel';
import { SimulatedNetwork, VirtualClock } from '@cloudchamber/testkit';
import {
  AlertDescription,
  AlertLevel,
  type Block,
  CoapCode,
  type CoapMessage,
  CoapOptionNumber,
  CoapType,
  ContentType,
  classifyFromDevice,
  emptyAck,
  emptyCon,
  encodeCoap,
  encodeDescribeRequest,
  encodeDiscardSession,
  encodeEvent,
  encodeFunctionCall,
  encodeResponse,
  encodeVariableRequest,
  generateP256,
  reset,
} from '@cloudchamber/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, memoryStorage, type SessionStorage, type StateChange, VirtualDevice } from '../src/index.ts';
import { pathOf, RawServer } from './raw-server.ts';

const SERVER = { address: '10.0.0.1', port: 5684 };
const DEVICE = 'e00fce680123456789abcdef' as DeviceId;
const { CONNECTION_ID, MOVED_CONNECTION_ID } = ContentType;

describe('a virtual device, message by message', () => {
  const identity = generateP256();
  const serverIdentity = generateP256();
  let clock: VirtualClock;
  let network: SimulatedNetwork;
  let server: RawServer;
  let storage: SessionStorage;
  let changes: StateChange[];
  let calls: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    network = new SimulatedNetwork(clock, seededEntropy(1));
    const socket = network.bind(SERVER.address, SERVER.port);
    server = new RawServer({ socket, identity: serverIdentity, clock, entropy: seededEntropy(2) });
    storage = memoryStorage();
    changes = [];
    calls = [];
  });

  function behaviour(): Behaviour {
    return {
      functions: { run: (argument) => calls.push(argument) },
      variables: {
        bad: {
          type: 'int',
          read: () => {
            throw new Error('no sensor');
          },
        },
      },
      subscriptions: [{ prefix: 'n', handle: ({ name }) => void calls.push(name) }],
    };
  }

  function makeDevice(firmware: () => Behaviour = behaviour): VirtualDevice {
    const device = new VirtualDevice({
      deviceId: DEVICE,
      identity,
      serverSpki: serverIdentity.spki,
      server: SERVER,
      clock,
      entropy: seededEntropy(3),
      openSocket: async () => network.bind('10.0.1.1'),
      storage,
      behaviour: firmware,
    });
    device.onState((change) => changes.push(change));
    return device;
  }

  async function connected(firmware?: () => Behaviour): Promise<VirtualDevice> {
    const device = makeDevice(firmware);
    void device.connect();
    await clock.elapse(100);
    expect(device.state).toBe('connected');
    server.clear();
    return device;
  }

  const ends = (): string[] => changes.flatMap(({ end }) => end ?? []);

  describe('connecting', () => {
    it('says what Device OS 6.2 says, in its order, and waits for two ACKs on the way', async () => {
      const held: CoapMessage[] = [];
      server.answer = (message) => void held.push(message);
      void makeDevice().connect();
      await clock.elapse(100);
      expect(server.received.map(pathOf)).toEqual([['h']]);
      expect(server.received[0]).toMatchObject({ type: CoapType.CON, code: CoapCode.POST, id: 1 });
      expect(server.received[0]?.token).toHaveLength(0);
      expect(classifyFromDevice(server.received[0]!)).toMatchObject({
        kind: 'hello',
        deviceId: DEVICE,
        platformId: 32,
        systemVersion: 6200,
        maxMessageSize: 1152,
      });
      server.send(emptyAck(1));
      await clock.elapse(100);
      expect(server.received.slice(1).map(pathOf)).toEqual([['d']]);
      expect(classifyFromDevice(server.received[1]!)).toMatchObject({
        kind: 'describe-post',
        flags: 1,
        contentFormat: 42,
      });
      server.answer = (message) => emptyAck(message.id);
      server.send(emptyAck(2));
      await clock.elapse(100);
      expect(server.received.slice(2).map((message) => classifyFromDevice(message).kind)).toEqual([
        'time-request',
        'publish',
        'publish',
        'describe-post',
        'subscribe',
        'subscribe',
        'subscribe',
      ]);
      expect(server.received.slice(2).map((message) => pathOf(message).slice(0, 2))).toEqual([
        ['t'],
        ['E', 'particle/device/updates/enabled'],
        ['E', 'particle/device/updates/forced'],
        ['d'],
        ['e', 'particle'],
        ['e', 'spark'],
        ['e', 'n'],
      ]);
      expect(changes.map(({ state }) => state)).toEqual(['handshaking', 'introducing', 'connected']);
    });

    it('sends a Hello four times, then gives the session up and handshakes anew (section 3.2)', async () => {
      server.answer = () => undefined;
      void makeDevice().connect();
      await clock.elapse(seconds(59));
      const [first = 0, ...repeats] = server.receivedAt;
      expect(repeats).toHaveLength(3);
      const [a = 0, b = 0, c = 0] = repeats.map((at) => at - first);
      expect(a).toBeGreaterThanOrEqual(seconds(4));
      expect(a).toBeLessThanOrEqual(seconds(6));
      expect(b).toBeCloseTo(a * 3, 0);
      expect(c).toBeCloseTo(a * 7, 0);
      expect(new Set(server.received.map(({ id }) => id))).toEqual(new Set([1]));
      expect(ends()).toEqual([]);
      await clock.elapse(seconds(33));
      expect(ends()).toEqual(['unacknowledged']);
      expect(server.handshakes).toBe(2);
    });

    it('does not post again on resume what was acknowledged, but what was refused', async () => {
      server.answer = ({ id, token, code, options }) => {
        const refused = code === CoapCode.GET && options.some(({ value }) => Buffer.from(value).toString() === 'n');
        if (!refused) return emptyAck(id);
        return encodeResponse({ type: CoapType.ACK, id, token, code: CoapCode.SERVICE_UNAVAILABLE });
      };
      const device = await connected();
      const left = device.disconnect();
      await clock.elapse(20);
      await left;
      server.clear();
      void device.connect();
      await clock.elapse(50);
      expect(server.received.map((message) => classifyFromDevice(message).kind)).toEqual([
        'ping',
        'publish',
        'publish',
        'subscribe',
        'subscribe',
        'subscribe',
      ]);
      expect(server.recordTypes[0]).toBe(MOVED_CONNECTION_ID);
      expect(new Set(server.recordTypes.slice(1))).toEqual(new Set([CONNECTION_ID]));
    });

    it('gives a session up that was resumed three times without an answer (section 1.7)', async () => {
      const first = await connected();
      const leaving = first.disconnect();
      await clock.elapse(10);
      await leaving;
      server.answer = () => undefined;
      const handshakes: number[] = [];
      for (let round = 0; round < 4; round++) {
        // The process is killed each time, before the resume fails by itself.
        const device = makeDevice();
        void device.connect();
        await clock.elapse(seconds(10));
        handshakes.push(server.handshakes);
        const left = device.disconnect({ timeoutMs: 0 });
        await clock.elapse(10);
        await left;
      }
      expect(handshakes).toEqual([1, 1, 1, 2]);
    });

    it.each([
      ['server address', { server: { address: '10.0.0.1', port: 5685 } }],
      ['server key', { serverSpki: generateP256().spki }],
      ['device key', { identity: generateP256() }],
    ])('does not resume a session of another %s', async (_name, other) => {
      await connected();
      const device = new VirtualDevice({
        deviceId: DEVICE,
        identity,
        serverSpki: serverIdentity.spki,
        server: SERVER,
        clock,
        entropy: seededEntropy(4),
        openSocket: async () => network.bind('10.0.1.2'),
        storage,
        ...other,
      });
      void device.connect();
      await clock.settle();
      expect(device.state).toBe('handshaking');
    });
  });

  describe('what ends a session', () => {
    it.each([
      ['a RST', () => server.send(reset(1)), 'reset'],
      ['PUT /k', () => server.send(encodeDiscardSession({ id: 900 })), 'discarded'],
      ['close_notify', () => server.sendAlert(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY), 'closed'],
      ['a fatal alert', () => server.sendAlert(AlertLevel.FATAL, AlertDescription.INTERNAL_ERROR), 'refused'],
    ])('%s erases it: the device handshakes anew', async (_name, send, end) => {
      await connected();
      send();
      await clock.elapse(seconds(2));
      expect(ends()).toEqual([end]);
      expect(server.handshakes).toBe(2);
      expect(changes.at(-1)?.state).toBe('connected');
    });

    it('acknowledges PUT /k before it goes', async () => {
      await connected();
      server.send(encodeDiscardSession({ id: 900 }));
      await clock.elapse(10);
      expect(server.received).toMatchObject([{ type: CoapType.ACK, id: 900 }]);
    });

    it('nothing in the clear, and no garbage, harms it (section 1.10)', async () => {
      const device = await connected();
      const clear = [
        '15fefd0000000000000005000202 28',
        '15fefd00000000000000060002 0100',
        '16fefd0000000000000007000c 000000000000000000000000',
        '17fefd000100000000000900140001000000000009ad892de99a96beee4aba2aea',
        '00',
        '',
        'ff'.repeat(200),
      ];
      for (const hex of clear) server.sendRaw(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
      await clock.elapse(seconds(2));
      expect(device.state).toBe('connected');
      expect(ends()).toEqual([]);
    });

    it('a silent server costs the connection, not the session: ping after 25 s, 30 s for its answer', async () => {
      const device = await connected();
      const start = clock.monotonic();
      server.answer = () => undefined;
      await clock.elapse(seconds(26));
      expect(server.received.map((message) => classifyFromDevice(message).kind)).toEqual(['ping']);
      expect(server.receivedAt[0]! - start).toBeGreaterThan(seconds(24));
      await clock.elapse(seconds(30));
      expect(ends()).toEqual(['silent']);
      server.answer = (message) => emptyAck(message.id);
      await clock.elapse(seconds(10));
      expect(device.state).toBe('connected');
      expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    });
  });

  describe('answering', () => {
    const call = (id: number, token = 7): Uint8Array => encodeFunctionCall({ id, token, name: 'run', argument: 'on' });

    it('acknowledges a call and answers it separately, with its token', async () => {
      await connected();
      server.send(call(500));
      await clock.elapse(10);
      expect(server.received).toMatchObject([
        { type: CoapType.ACK, code: CoapCode.EMPTY, id: 500 },
        { type: CoapType.CON, code: CoapCode.CHANGED, token: Buffer.of(7), payload: Buffer.of(0, 0, 0, 1) },
      ]);
    });

    it('answers a repeat with the same ACK in a fresh record and runs nothing twice, for 45 s (section 3.1)', async () => {
      await connected();
      server.send(call(500));
      await clock.elapse(seconds(44));
      const acks = (): CoapMessage[] => server.received.filter(({ id, type }) => id === 500 && type === CoapType.ACK);
      server.send(call(500));
      await clock.elapse(10);
      expect(acks()).toHaveLength(2);
      expect(calls).toEqual(['on']);
      await clock.elapse(seconds(46));
      server.send(call(500, 8));
      await clock.elapse(10);
      expect(calls).toEqual(['on', 'on']);
    });

    it.each([
      ['a ping', emptyCon(501), { type: CoapType.ACK, code: CoapCode.EMPTY, id: 501 }],
      ['an event', encodeEvent({ id: 501, name: 'other' }), { type: CoapType.ACK, code: CoapCode.EMPTY, id: 501 }],
      [
        'a response that nothing waits for',
        encodeResponse({ type: CoapType.CON, id: 501, token: Uint8Array.of(9), code: CoapCode.CHANGED }),
        { type: CoapType.ACK, code: CoapCode.EMPTY, id: 501 },
      ],
      [
        'a function argument above 1024 bytes',
        encodeCoap({
          type: CoapType.CON,
          code: CoapCode.POST,
          id: 501,
          token: Uint8Array.of(1),
          options: [
            { number: CoapOptionNumber.URI_PATH, value: 'f' },
            { number: CoapOptionNumber.URI_PATH, value: 'run' },
            { number: CoapOptionNumber.URI_QUERY, value: 'x'.repeat(1025) },
          ],
        }),
        { type: CoapType.ACK, code: CoapCode.BAD_REQUEST, id: 501 },
      ],
    ])('acknowledges %s', async (_name, message, ack) => {
      await connected();
      server.send(message);
      await clock.elapse(10);
      expect(server.received).toMatchObject([ack]);
    });

    it('answers 5.00 for a variable that cannot be read, 4.04 for one that there is not', async () => {
      await connected();
      server.send(encodeVariableRequest({ id: 502, token: 1, name: 'bad' }));
      server.send(encodeVariableRequest({ id: 503, token: 2, name: 'constructor' }));
      await clock.elapse(10);
      const answers = server.received.filter(({ type }) => type === CoapType.CON);
      expect(answers).toMatchObject([{ code: CoapCode.INTERNAL_SERVER_ERROR }, { code: CoapCode.NOT_FOUND }]);
    });

    it('gives no answer to what it does not understand, and survives it', async () => {
      const device = await connected();
      server.send(encodeCoap({ type: CoapType.CON, code: CoapCode.DELETE, id: 504 }));
      server.send(
        encodeCoap({
          type: CoapType.CON,
          code: CoapCode.POST,
          id: 505,
          options: [{ number: CoapOptionNumber.URI_PATH, value: 'S' }],
        }),
      );
      server.send(Buffer.from('ffff', 'hex'));
      await clock.elapse(seconds(1));
      expect(server.received).toEqual([]);
      expect(device.state).toBe('connected');
    });

    it('ends the connection, not the session, over a call without a token of one byte (section 3.1)', async () => {
      const device = await connected();
      const message = Buffer.from(call(506));
      server.send(Buffer.concat([Buffer.of(0x40), message.subarray(1, 4), message.subarray(5)]));
      await clock.elapse(seconds(2));
      expect(ends()).toEqual(['protocol_error']);
      expect(calls).toEqual([]);
      expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    });

    it('goes on with the other handlers when one fails', async () => {
      await connected(() => ({
        functions: {},
        variables: {},
        subscriptions: [
          {
            prefix: '',
            handle: () => {
              throw new Error('a bug in the firmware');
            },
          },
          { prefix: 'n', handle: ({ name }) => void calls.push(name) },
        ],
      }));
      server.send(encodeEvent({ id: 507, name: 'news' }));
      await clock.elapse(10);
      expect(calls).toEqual(['news']);
    });
  });

  it('brings its claim code with full handshakes until the cloud has taken it (section 7.1)', async () => {
    const code = 'c'.repeat(63);
    const codes = () =>
      server.received
        .filter((message) => pathOf(message).join('/') === 'E/spark/device/claim/code')
        .map(({ payload }) => Buffer.from(payload).toString());
    const device = makeDevice();
    device.setClaimCode(code);
    void device.connect();
    await clock.elapse(100);
    expect(codes()).toEqual([code]);
    expect(device.claimCode).toBe(code);
    server.send(encodeEvent({ id: 508, name: 'spark/device/claim/' }));
    await clock.elapse(10);
    expect(device.claimCode).toBeUndefined();

    const left = device.disconnect();
    await clock.elapse(10);
    await left;
    storage.erase();
    void device.connect();
    await clock.elapse(100);
    expect(device.stats.handshakes).toBe(2);
    expect(codes()).toEqual([code]);
  });

  describe('GET /d', () => {
    const many = (): Behaviour => ({
      functions: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${'f'.repeat(40)}${at}`, () => 0])),
      variables: {},
      subscriptions: [],
    });
    let nextId = 600;

    async function get(flags: number, block2?: Block): Promise<CoapMessage | undefined> {
      server.clear();
      server.send(encodeDescribeRequest({ id: nextId++, token: 5, flags, block2 }));
      await clock.elapse(10);
      return server.received.at(-1);
    }

    it('comes in blocks of 1024 with an ETag, which changes with each transfer', async () => {
      await connected(many);
      const etagOf = (message?: CoapMessage) => message?.options.find(({ number }) => number === CoapOptionNumber.ETAG);
      const first = await get(2);
      expect(first?.payload).toHaveLength(1024);
      const second = await get(2, { number: 1, more: false, szx: 6 });
      expect(etagOf(second)).toEqual(etagOf(first));
      const third = await get(2, { number: 2, more: false, szx: 6 });
      const text = Buffer.concat([first!, second!, third!].map(({ payload }) => payload)).toString();
      expect(Object.keys(JSON.parse(text).v)).toEqual([]);
      expect(JSON.parse(text).f).toHaveLength(60);
      expect(etagOf(await get(2))).not.toEqual(etagOf(first));
    });

    it('refuses other block sizes, blocks that there are not, late ones, and unknown parts', async () => {
      await connected(many);
      expect((await get(2, { number: 1, more: false, szx: 6 }))?.code).toBe(CoapCode.NOT_FOUND);
      await get(2);
      expect((await get(2, { number: 1, more: false, szx: 5 }))?.code).toBe(CoapCode.BAD_OPTION);
      expect((await get(2, { number: 3, more: false, szx: 6 }))?.code).toBe(CoapCode.NOT_FOUND);
      expect((await get(8))?.code).toBe(CoapCode.BAD_REQUEST);
      await clock.elapse(seconds(91));
      expect((await get(2, { number: 1, more: false, szx: 6 }))?.code).toBe(CoapCode.NOT_FOUND);
    });
  });

  describe('leaving', () => {
    it('says Goodbye and waits for the ACKs of what is under way', async () => {
      const device = await connected();
      const held: number[] = [];
      server.answer = ({ id }) => void held.push(id);
      const published = device.publish('last', 'words');
      let left = false;
      const leaving = device.disconnect().then(() => (left = true));
      await clock.elapse(10);
      expect(server.received.map((message) => classifyFromDevice(message))).toMatchObject([
        { kind: 'publish', name: 'last' },
        { kind: 'goodbye', cloudReason: 2 },
      ]);
      server.send(emptyAck(held[1]!));
      await clock.elapse(10);
      expect(left).toBe(false);
      server.send(emptyAck(held[0]!));
      await clock.elapse(10);
      await published;
      await leaving;
      expect(device.state).toBe('offline');
      expect(clock.pending).toBe(0);
    });

    it('does not wait for a server that is gone for longer than it was told to', async () => {
      const device = await connected();
      server.answer = () => undefined;
      const leaving = device.disconnect({ timeoutMs: 2000 });
      await clock.elapse(2000);
      await leaving;
      expect(device.state).toBe('offline');
      expect(clock.pending).toBe(0);
    });

    it.each([
      ['handshaking', 0],
      ['waiting', 100],
    ])('stops at once while %s', async (state, elapsed) => {
      const device = new VirtualDevice({
        deviceId: DEVICE,
        identity,
        serverSpki: generateP256().spki,
        server: SERVER,
        clock,
        entropy: seededEntropy(5),
        openSocket: async () => network.bind('10.0.1.3'),
      });
      const connecting = expect(device.connect()).rejects.toMatchObject({ code: 'device.stopped' });
      await clock.elapse(elapsed);
      expect(device.state).toBe(state);
      await device.disconnect();
      await connecting;
      expect(device.state).toBe('offline');
      // What is left is a datagram on its way.
      await clock.elapse(10);
      expect(clock.pending).toBe(0);
    });

    it('may be told to connect again while it leaves', async () => {
      const device = await connected();
      const leaving = device.disconnect();
      const again = device.connect();
      await clock.elapse(100);
      await Promise.all([leaving, again]);
      expect(device.state).toBe('connected');
      expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    });
  });

  it('tries again when no socket can be opened', async () => {
    let sockets = 0;
    const device = new VirtualDevice({
      deviceId: DEVICE,
      identity,
      serverSpki: serverIdentity.spki,
      server: SERVER,
      clock,
      entropy: seededEntropy(5),
      openSocket: async () => {
        sockets += 1;
        if (sockets === 1) throw new Error('EMFILE');
        return network.bind('10.0.1.4');
      },
    });
    device.onState((change) => changes.push(change));
    void device.connect();
    await clock.elapse(seconds(2));
    expect(ends()).toEqual(['no_socket']);
    expect(device.state).toBe('connected');
  });

  it('starts its firmware with each connection and stops it with its end', async () => {
    let running = 0;
    const device = await connected(() => ({
      functions: {},
      variables: {},
      subscriptions: [],
      start: () => {
        running += 1;
        return () => {
          running -= 1;
        };
      },
    }));
    expect(running).toBe(1);
    server.send(reset(1));
    await clock.elapse(10);
    expect(running).toBe(0);
    await clock.elapse(seconds(2));
    expect(running).toBe(1);
    const left = device.disconnect();
    await clock.elapse(10);
    await left;
    expect(running).toBe(0);
    await clock.elapse(minutes(5));
    expect(running).toBe(0);
  });
});
