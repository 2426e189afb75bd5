import { type DeviceId, minutes, seconds, seededEntropy } from '@cloudchamber/kernel';
import { SimulatedNetwork, VirtualClock } from '@cloudchamber/testkit';
import {
  CoapCode,
  type CoapMessage,
  CoapOptionNumber,
  classifyFromDevice,
  decodeDescription,
  emptyAck,
  encodeCoap,
  encodeDescribeRequest,
  encodeEvent,
  encodeFunctionCall,
  encodeVariableRequest,
  generateP256,
} from '@cloudchamber/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, type DeviceProfile, PROFILES, VirtualDevice } from '../src/index.ts';
import { pathOf, RawServer } from './raw-server.ts';

const SERVER = { address: '10.0.0.1', port: 5684 };
const DEVICE = 'e00fce680123456789abcdef' as DeviceId;
const { GET, POST } = CoapCode;

const firmware = (): Behaviour => ({
  functions: { length: (argument) => argument.length },
  variables: { text: { type: 'string', read: () => 'x'.repeat(256) } },
  subscriptions: [{ prefix: 'n', handle: () => {} }],
});

describe('a generation of Device OS', () => {
  const identity = generateP256();
  const serverIdentity = generateP256();
  let clock: VirtualClock;
  let network: SimulatedNetwork;
  let server: RawServer;

  beforeEach(() => {
    clock = new VirtualClock();
    network = new SimulatedNetwork(clock, seededEntropy(1));
    const socket = network.bind(SERVER.address, SERVER.port);
    server = new RawServer({ socket, identity: serverIdentity, clock, entropy: seededEntropy(2) });
  });

  function profileOf(name: string): DeviceProfile {
    const profile = PROFILES.get(`device-os-${name}`);
    if (profile === undefined) throw new Error(`there is no profile ${name}`);
    return profile;
  }

  function makeDevice(name: string, behaviour: () => Behaviour = firmware): VirtualDevice {
    return new VirtualDevice({
      deviceId: DEVICE,
      identity,
      serverSpki: serverIdentity.spki,
      server: SERVER,
      clock,
      entropy: seededEntropy(3),
      openSocket: async () => network.bind('10.0.1.1'),
      behaviour,
      profile: profileOf(name),
    });
  }

  async function connected(name: string, behaviour?: () => Behaviour): Promise<VirtualDevice> {
    const device = makeDevice(name, behaviour);
    void device.connect();
    await clock.elapse(100);
    expect(device.state).toBe('connected');
    return device;
  }

  async function left(device: VirtualDevice): Promise<void> {
    const leaving = device.disconnect();
    await clock.elapse(50);
    await leaving;
  }

  async function answerTo(request: Uint8Array): Promise<CoapMessage[]> {
    server.clear();
    server.send(request);
    await clock.elapse(20);
    return [...server.received];
  }

  const queriesOf = (message: CoapMessage): string[] =>
    message.options
      .filter(({ number }) => number === CoapOptionNumber.URI_QUERY)
      .map(({ value }) => Buffer.from(value).toString());

  it.each([
    ['0.5', ['h', 't', 'e particle', 'e spark', 'e n']],
    ['1.5', ['h', 't', 'E updates', 'E updates', 'e particle', 'e spark', 'e n']],
    ['2.3', ['h', 'd', 't', 'E updates', 'E updates', 'd', 'e particle', 'e spark', 'e n']],
    ['3.3', ['h', 'd', 't', 'E updates', 'E updates', 'd', 'e particle', 'e spark', 'e n']],
    ['4.2', ['h', 'd', 't', 'E updates', 'E updates', 'd', 'e particle', 'e spark', 'e n']],
    ['6.2', ['h', 'd', 't', 'E updates', 'E updates', 'd', 'e particle', 'e spark', 'e n']],
  ])('%s introduces itself with its own messages in its order', async (name, expected) => {
    await connected(name);
    const said = server.received.map((message) =>
      pathOf(message)
        .join(' ')
        .replace(/particle\/device\/(updates)\/.*/, '$1'),
    );
    expect(said).toEqual(expected);
  });

  it.each([
    ['0.5', 22, { platformId: 10, flags: 0 }],
    ['1.5', 22, { platformId: 12, flags: 0x06 }],
    ['2.3', 22, { platformId: 13, flags: 0x36 }],
    ['3.3', 32, { platformId: 12, flags: 0xf6, systemVersion: 3300, maxMessageSize: 1152 }],
    ['4.2', 32, { platformId: 25, flags: 0xf6, systemVersion: 4200, maxMessageSize: 1152 }],
  ])('%s says Hello in %i bytes of payload', async (name, length, facts) => {
    await connected(name);
    const hello = server.received[0]!;
    expect(hello.payload).toHaveLength(length);
    expect(classifyFromDevice(hello)).toMatchObject({ kind: 'hello', deviceId: DEVICE, ...facts });
  });

  it.each([
    ['2.3', 0, 0],
    ['3.3', 1, 0],
    ['4.2', 1, 0],
    ['6.2', 1, 42],
  ])('%s posts Describe with a token of %i bytes and format %i', async (name, token, format) => {
    await connected(name);
    const posts = server.received.filter((message) => message.code === POST && pathOf(message)[0] === 'd');
    expect(posts.map((message) => message.token.length)).toEqual([token, token]);
    const [system] = posts.map(classifyFromDevice);
    if (system?.kind !== 'describe-post') throw new Error('no Describe');
    expect(system).toMatchObject({ flags: 1, contentFormat: format });
    expect(decodeDescription(1, format, system.payload)).toMatchObject({
      kind: 'system',
      system: {
        modules: expect.arrayContaining([expect.objectContaining({ version: profileOf(name).systemVersion })]),
      },
    });
  });

  it.each(['0.5', '1.5'])('%s answers a request for Describe in parts and as a whole', async (name) => {
    await connected(name);
    const whole = { code: GET, type: 0, options: [{ number: CoapOptionNumber.URI_PATH, value: 'd' }] } as const;
    const requests = [
      [1, encodeDescribeRequest({ id: 1, token: 7, flags: 1 }), 'system'],
      [2, encodeDescribeRequest({ id: 2, token: 7, flags: 2 }), 'application'],
      [3, encodeDescribeRequest({ id: 3, token: 7, flags: 3 }), 'combined'],
      [3, encodeCoap({ ...whole, id: 4, token: Uint8Array.of(7) }), 'combined'],
    ] as const;
    for (const [flags, request, kind] of requests) {
      const [ack, response] = await answerTo(request);
      expect(ack).toMatchObject({ type: 2, code: 0 });
      expect(response).toMatchObject({ code: CoapCode.CONTENT, token: Buffer.of(7) });
      expect(decodeDescription(flags, 0, response!.payload).kind).toBe(kind);
    }
  });

  it('refuses both parts at once from 2.0 on, and metrics before they existed', async () => {
    await connected('2.3');
    expect(await answerTo(encodeDescribeRequest({ id: 1, token: 7, flags: 3 }))).toMatchObject([
      { code: CoapCode.BAD_REQUEST },
    ]);
    await connected('0.5');
    expect(await answerTo(encodeDescribeRequest({ id: 1, token: 7, flags: 4 }))).toMatchObject([
      { code: CoapCode.BAD_REQUEST },
    ]);
  });

  it.each([
    ['0.5', 'e', 'E', ['u', 'u', 'u']],
    ['4.2', 'e', 'E', ['u', 'u', 'u']],
    ['6.2', 'E', 'E', []],
  ])('%s publishes to everybody at /%s, to its owner at /%s', async (name, open, owner, scopes) => {
    const device = await connected(name);
    const subscriptions = server.received.filter((message) => message.code === GET && pathOf(message)[0] === 'e');
    expect(subscriptions.flatMap(queriesOf)).toEqual(scopes);
    server.clear();
    const published = Promise.all([device.publish('a/b', '1'), device.publish('a/b', '1', { private: true })]);
    await clock.elapse(20);
    await published;
    expect(server.received.map(pathOf)).toEqual([
      [open, 'a/b'],
      [owner, 'a/b'],
    ]);
  });

  it.each([
    ['0.5', [254], 0],
    ['1.5', [254], 0],
    ['2.3', [254], 0],
    ['3.3', [25], 0],
    ['4.2', [253], 0],
    ['6.2', [253], 0],
  ])('%s marks its records after a resume with %j until it was answered', async (name, marked) => {
    const device = await connected(name);
    await left(device);
    const plain = profileOf(name).connectionId ? 25 : 23;
    server.clear();
    server.answer = () => undefined;
    void device.connect();
    // The first transmission and one repeat.
    await clock.elapse(seconds(10));
    server.answer = (message) => emptyAck(message.id);
    await clock.elapse(seconds(10));
    expect(device.state).toBe('connected');
    expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    expect(server.recordTypes.slice(0, 3)).toEqual([...marked, ...marked, ...marked]);
    expect(new Set(server.recordTypes.slice(3))).toEqual(name === '0.5' ? new Set() : new Set([plain]));
    expect(server.trailers).toEqual(marked[0] === 254 ? Array(3).fill(`${DEVICE}0c`) : []);
  });

  it.each([
    ['1.5', []],
    ['2.3', ['x']],
  ])('%s leaves with %j', async (name, said) => {
    const device = await connected(name);
    server.clear();
    await left(device);
    expect(server.received.map((message) => pathOf(message)[0])).toEqual(said);
  });

  it.each([
    ['0.5', [CoapCode.NOT_FOUND]],
    ['2.3', [CoapCode.NOT_FOUND]],
    ['3.3', [0, CoapCode.NOT_FOUND]],
    ['6.2', [0, CoapCode.NOT_FOUND]],
  ])('%s says in %j that there is no such variable', async (name, codes) => {
    await connected(name);
    const answers = await answerTo(encodeVariableRequest({ id: 1, token: 7, name: 'none' }));
    expect(answers.map(({ code }) => code)).toEqual(codes);
    expect(answers.at(-1)?.token).toEqual(Buffer.of(7));
  });

  it.each([
    ['0.5', 255],
    ['1.5', 622],
    ['3.3', 1024],
  ])('%s has room for values of %i bytes', async (name, limit) => {
    const device = await connected(name);
    const call = (id: number, bytes: number) =>
      answerTo(encodeFunctionCall({ id, token: id, name: 'length', argument: 'x'.repeat(bytes) }));
    expect(await call(1, limit)).toMatchObject([{ code: 0 }, { code: CoapCode.CHANGED }]);
    // No encoder of ours makes more than 1024.
    if (limit < 1024) expect(await call(2, limit + 1)).toMatchObject([{ code: CoapCode.BAD_REQUEST }]);
    expect(device.stats.calls).toBe(1);
    await expect(device.publish('big', 'x'.repeat(limit + 1))).rejects.toMatchObject({ kind: 'too_large' });
    const value = await answerTo(encodeVariableRequest({ id: 3, token: 7, name: 'text' }));
    expect(value.at(-1)?.code).toBe(limit < 256 ? CoapCode.INTERNAL_SERVER_ERROR : CoapCode.CONTENT);
  });

  it('makes nothing of events with a content format before 6.2', async () => {
    const heard: string[] = [];
    const listening = (): Behaviour => ({
      ...firmware(),
      subscriptions: [{ prefix: 'n', handle: ({ data }) => heard.push(Buffer.from(data).toString()) }],
    });
    for (const [name, expected] of [
      ['4.2', ['plain']],
      ['6.2', ['plain', '{}']],
    ] as const) {
      const device = await connected(name, listening);
      await answerTo(encodeEvent({ id: 1, name: 'n', data: 'plain' }));
      expect(await answerTo(encodeEvent({ id: 2, name: 'n', data: '{}', contentFormat: 50 }))).toHaveLength(1);
      expect(heard.splice(0)).toEqual(expected);
      await left(device);
    }
  });

  it('does not hear messages that it has no room for', async () => {
    const device = await connected('2.3');
    const event = (id: number, bytes: number) => encodeEvent({ id, name: 'n', data: 'x'.repeat(bytes) });
    // 9 bytes around the data.
    expect(await answerTo(event(1, 791))).toMatchObject([{ type: 2, id: 1 }]);
    expect(await answerTo(event(2, 792))).toEqual([]);
    expect(device.stats.events).toBe(1);
  });

  it.each([
    ['0.5', minutes(23)],
    ['1.5', seconds(25)],
    ['2.3', minutes(23)],
    ['3.3', seconds(25)],
    ['4.2', minutes(23)],
  ])('%s pings after %i ms of silence', async (name, interval) => {
    await connected(name);
    server.clear();
    await clock.elapse(interval - seconds(1));
    expect(server.received).toEqual([]);
    await clock.elapse(seconds(1));
    expect(server.received).toMatchObject([{ type: 0, code: 0 }]);
  });

  it.each([
    ['0.5', { ...firmware(), functions: { aLongFunction: () => 0 } }, 'aLongFunction'],
    ['2.3', { ...firmware(), subscriptions: [{ prefix: 'b', accepts: 'binary', handle: () => {} }] }, 'text only'],
    [
      '1.5',
      {
        ...firmware(),
        functions: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`function${at}`, () => 0])),
      },
      'one message',
    ],
  ] as const)('%s does not run firmware that it could not have', (name, behaviour, message) => {
    expect(() => makeDevice(name, () => behaviour)).toThrow(message);
  });

  it('publishes and subscribes to nothing but text before 6.2', async () => {
    const device = await connected('4.2');
    const unsupported = { code: 'device.unsupported' };
    await expect(device.publish('a', Uint8Array.of(1), { contentFormat: 42 })).rejects.toMatchObject(unsupported);
    await expect(device.subscribe('a', () => {}, 'cbor')).rejects.toMatchObject(unsupported);
  });
});
