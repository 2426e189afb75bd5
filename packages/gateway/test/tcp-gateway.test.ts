import { seconds } from '@cloudchamber/kernel';
import {
  CoapCode,
  CoapType,
  classifyFromServer,
  emptyAck,
  emptyCon,
  encodeApplicationDescribe,
  encodeDescribeResponse,
  encodeFunctionResult,
  encodeGoodbye,
  encodePublish,
  encodeResponse,
  encodeSubscribe,
  encodeTimeRequest,
  encodeVariableResponse,
} from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DEVICE, DEVICE_KEY, TcpSite } from './tcp-site.ts';

describe('a device on TCP', () => {
  it('connects: nonce, keys, Hello, and the server says Hello in time', async () => {
    const site = new TcpSite();
    const device = site.device();
    await site.clock.elapse(10);
    device.hello();
    await site.clock.elapse(10);
    const hello = device.take();
    expect(classifyFromServer(hello).kind).toBe('hello');
    expect(hello.type).toBe(CoapType.NON);
    expect(device.inbox).toEqual([]);
    expect(site.ports.attempts).toMatchObject([
      { deviceId: DEVICE, transport: 'tcp', publicKey: DEVICE_KEY.spki, address: '10.0.0.2', hello: { platformId: 6 } },
    ]);
    expect(site.ports.presence).toEqual([{ deviceId: DEVICE, online: true }]);
    expect(site.gateway.commands.isOnline(DEVICE)).toBe(true);
    expect(site.gateway.gauges()).toEqual({ sessions: 1, online: 1, handshakes: 0 });
  });

  it('is the one that its handshake named, whatever Hello says', async () => {
    const site = new TcpSite();
    const device = site.device();
    await site.clock.elapse(10);
    device.hello({ deviceId: 'ffffffffffffffffffffffff' as typeof DEVICE });
    await site.clock.elapse(10);
    expect([device.closed, site.count('refused', 'device_id_missing')]).toEqual([true, 1]);
    expect(site.ports.attempts).toEqual([]);
  });

  it.each([
    ['an unknown device', { registered: false }, 'unknown_device'],
    ['a device that is known with another key', {}, 'key_mismatch'],
  ])('is turned away: %s', async (_name, settings, reason) => {
    const site = new TcpSite();
    const device = site.device(settings);
    if (reason === 'key_mismatch') site.ports.keys.set(DEVICE, Buffer.alloc(162));
    await site.clock.elapse(10);
    device.hello();
    await site.clock.elapse(10);
    expect([device.closed, device.inbox.length, site.count('refused', reason)]).toEqual([true, 0, 1]);
    expect(site.gateway.gauges()).toEqual({ sessions: 0, online: 0, handshakes: 0 });
  });

  it('of very old firmware shows no key: the registered one is used', async () => {
    const site = new TcpSite();
    const device = await site.connected({ sendKey: false });
    expect(site.ports.attempts).toMatchObject([{ deviceId: DEVICE, publicKey: DEVICE_KEY.spki }]);
    expect(device.closed).toBe(false);
    const stranger = site.device({
      sendKey: false,
      registered: false,
      deviceId: 'ffffffffffffffffffffffff' as typeof DEVICE,
    });
    await site.clock.elapse(10);
    expect([stranger.closed, site.count('refused', 'unknown_key')]).toEqual([true, 1]);
  });

  it('publishes: NON without an answer, CON with its ACK when the event is stored', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    device.send(encodePublish({ id: device.nextId(), name: 'quick', data: '1', confirmable: false }));
    await site.clock.elapse(10);
    expect(device.inbox).toEqual([]);
    let store = (): void => {};
    site.ports.commit = () => new Promise((resolve) => (store = resolve));
    const id = device.nextId();
    device.send(encodePublish({ id, name: 'sure', data: '2' }));
    await site.clock.elapse(10);
    expect(device.inbox).toEqual([]);
    store();
    await site.clock.elapse(10);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.EMPTY, id });
    expect(site.ports.published.map(({ name }) => name)).toEqual(['quick', 'sure']);
  });

  it('subscribes without an ACK and gets events that it does not acknowledge', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    device.send(encodeSubscribe({ id: device.nextId(), prefix: 'alerts/', confirmable: false }));
    await site.clock.elapse(10);
    expect(site.ports.subscriptions).toMatchObject([
      { deviceId: DEVICE, first: true, subscription: { prefix: 'alerts/' } },
    ]);
    const delivered = site.gateway.commands.deliver(DEVICE, {
      name: 'alerts/hi',
      data: Buffer.from('on'),
      contentFormat: 0,
    });
    expect(await delivered).toBe(true);
    await site.clock.elapse(seconds(10));
    expect(device.inbox.map((message) => [message.type, classifyFromServer(message)])).toMatchObject([
      [CoapType.NON, { kind: 'event', name: 'alerts/hi' }],
    ]);
  });

  it('answers calls and reads by token, and nothing is ever repeated', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const called = site.gateway.commands.callFunction(DEVICE, 'led', 'on');
    const read = site.gateway.commands.readVariable(DEVICE, 'temp', 'double');
    await site.clock.elapse(seconds(20));
    const [call, get] = [device.take(), device.take()];
    expect(device.inbox).toEqual([]);
    expect(call.type).toBe(CoapType.CON);
    device.send(emptyAck(call.id));
    device.send(emptyAck(get.id));
    const value = { type: 'double', value: 21.5 } as const;
    device.send(encodeVariableResponse({ id: device.nextId(), token: get.token, ...value, confirmable: false }));
    device.send(encodeFunctionResult({ id: device.nextId(), token: call.token, value: 7, confirmable: false }));
    await site.clock.elapse(10);
    expect(await called).toBe(7);
    expect(await read).toBe(21.5);
  });

  it('may answer in its ACK, as the oldest firmware does', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const missing = expect(site.gateway.commands.readVariable(DEVICE, 'nothing', 'int')).rejects.toMatchObject({
      code: 'device.rejected',
    });
    await site.clock.elapse(10);
    const { id, token } = device.take();
    device.send(encodeResponse({ type: CoapType.ACK, id, token, code: CoapCode.NOT_FOUND }));
    await site.clock.elapse(10);
    await missing;
  });

  it('that does not answer a call times out and stays connected', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const called = expect(site.gateway.commands.callFunction(DEVICE, 'led', 'on')).rejects.toMatchObject({
      code: 'device.timed_out',
    });
    for (let ping = 0; ping < 3; ping++) {
      await site.clock.elapse(seconds(15));
      device.send(emptyCon(device.nextId()));
    }
    await called;
    expect(site.gateway.commands.isOnline(DEVICE)).toBe(true);
  });

  it('acknowledges a ping and the rainbow with ids of its own', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const called = site.gateway.commands.callFunction(DEVICE, 'led', 'on');
    const pinged = site.gateway.commands.ping(DEVICE);
    const signalled = site.gateway.commands.signal(DEVICE, true);
    await site.clock.elapse(10);
    const [call, ping, signal] = [device.take(), device.take(), device.take()];
    expect([ping.type, ping.code]).toEqual([CoapType.CON, CoapCode.EMPTY]);
    device.send(emptyAck(call.id));
    device.send(emptyAck(device.nextId()));
    const { CHANGED: code } = CoapCode;
    device.send(encodeResponse({ type: CoapType.ACK, id: device.nextId(), token: signal.token, code }));
    await site.clock.elapse(10);
    expect(await pinged).toBe(11);
    await signalled;
    device.send(encodeFunctionResult({ id: device.nextId(), token: call.token, value: 1, confirmable: false }));
    await site.clock.elapse(10);
    expect(await called).toBe(1);
  });

  it('gets the time and answers to its pings', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const ping = device.nextId();
    device.send(emptyCon(ping));
    device.send(encodeTimeRequest({ id: device.nextId(), token: 9 }));
    await site.clock.elapse(10);
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.EMPTY, id: ping });
    expect(device.take()).toMatchObject({ type: CoapType.ACK, code: CoapCode.CONTENT, token: Buffer.of(9) });
  });

  it('of before 2.0 is asked for its Describe', async () => {
    const site = new TcpSite();
    const device = site.device();
    await site.clock.elapse(10);
    device.hello({ flags: 0 });
    await site.clock.elapse(10);
    device.take();
    const request = device.take();
    expect(classifyFromServer(request)).toMatchObject({ kind: 'describe-request' });
    const payload = encodeApplicationDescribe({ functions: ['led'], variables: {} });
    device.send(encodeDescribeResponse({ id: device.nextId(), token: request.token, payload, confirmable: false }));
    await site.clock.elapse(10);
    expect(device.closed).toBe(false);
  });

  it('says Goodbye and is offline', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    device.send(encodeGoodbye({ id: device.nextId(), cloudReason: 2, confirmable: false }));
    await site.clock.elapse(10);
    expect(site.ports.presence.at(-1)).toEqual({ deviceId: DEVICE, online: false, reason: 'goodbye' });
    expect(device.inbox).toEqual([]);
    device.stream.end();
    await site.clock.elapse(10);
    expect(site.gateway.gauges().sessions).toBe(0);
    expect(site.ports.presence).toHaveLength(2);
  });

  it('is offline as soon as its connection closes', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const called = expect(site.gateway.commands.callFunction(DEVICE, 'led', 'on')).rejects.toMatchObject({
      code: 'device.not_connected',
    });
    device.stream.destroy();
    await site.clock.elapse(10);
    await called;
    expect(site.ports.presence.at(-1)).toEqual({ deviceId: DEVICE, online: false, reason: 'session_ended' });
    expect(site.gateway.commands.isOnline(DEVICE)).toBe(false);
  });

  it('is offline after 31 s of silence, and its connection is closed', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    device.stream.vanish();
    await site.clock.elapse(seconds(30));
    expect(site.gateway.commands.isOnline(DEVICE)).toBe(true);
    await site.clock.elapse(seconds(3));
    expect(site.ports.presence.at(-1)).toEqual({ deviceId: DEVICE, online: false, reason: 'silent' });
    expect(site.gateway.gauges()).toEqual({ sessions: 0, online: 0, handshakes: 0 });
  });

  it('that connects again replaces its old connection and stays online', async () => {
    const site = new TcpSite();
    const first = await site.connected();
    const second = await site.connected();
    await site.clock.elapse(10);
    expect([first.closed, second.closed]).toEqual([true, false]);
    expect(site.gateway.gauges()).toEqual({ sessions: 1, online: 1, handshakes: 0 });
    expect(site.ports.presence.every(({ online }) => online)).toBe(true);
  });

  it('is told to connect anew by the end of its connection', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    site.gateway.commands.endSession(DEVICE);
    await site.clock.elapse(10);
    expect(classifyFromServer(device.take()).kind).toBe('discard-session');
    expect(device.closed).toBe(true);
  });

  it('is closed when the gateway stops', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    await site.gateway.stop();
    await site.clock.elapse(10);
    expect(device.closed).toBe(true);
    expect(site.clock.pending).toBe(0);
  });
});
