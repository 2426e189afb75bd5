import { minutes, seconds } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { DeviceSite } from './device-site.ts';

const text = (data: Uint8Array): string => Buffer.from(data).toString();

describe('a virtual device and the gateway', () => {
  it('connects: handshake, Hello, both Describes, subscriptions', async () => {
    const site = new DeviceSite();
    const { device, changes } = await site.connected();
    expect(changes.map(({ state }) => state)).toEqual(['handshaking', 'introducing', 'connected']);
    expect(site.ports.attempts).toMatchObject([{ deviceId: device.deviceId, hello: { systemVersion: 6200 } }]);
    expect(site.ports.descriptions.map(({ description }) => description)).toMatchObject([
      { kind: 'system', system: { modules: [{}, { version: 6200 }, { function: 5 }] } },
      { kind: 'application', application: { functions: ['echo', 'publish', 'fail'], variables: { ratio: 'double' } } },
    ]);
    expect(site.ports.subscriptions.map(({ subscription }) => subscription.prefix)).toEqual([
      'particle',
      'spark',
      'echo/',
    ]);
    expect(site.ports.published.map(({ name, data }) => [name, text(data)])).toEqual([
      ['particle/device/updates/enabled', 'true'],
      ['particle/device/updates/forced', 'false'],
    ]);
    expect(Math.abs((device.cloudTime ?? 0) - site.clock.now())).toBeLessThan(1100);
    expect(device.stats).toMatchObject({ attempts: 1, handshakes: 1, resumes: 0, retransmitted: 0 });
  });

  it('publishes, and knows it exactly when the event is stored', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    let store = (): void => {};
    site.ports.commit = () => new Promise((resolve) => (store = resolve));
    let acknowledged = false;
    const published = device.publish('temp', '21.5', { ttlSeconds: 3600 }).then(() => (acknowledged = true));
    await site.clock.elapse(seconds(3));
    expect(acknowledged).toBe(false);
    store();
    await site.clock.elapse(10);
    await published;
    expect(site.ports.published.at(-1)).toMatchObject({ name: 'temp', ttlSeconds: 3600, contentFormat: 0 });
    expect(device.stats.published).toBe(1);
  });

  it('publishes without an ACK when asked to', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    await device.publish('quick', 'x', { confirmable: false });
    await site.clock.elapse(10);
    expect(site.ports.published.at(-1)?.name).toBe('quick');
  });

  it('rejects a publish that the cloud refuses, and one without a connection', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    site.ports.commit = () => Promise.reject(new Error('the disk is full'));
    const refused = expect(device.publish('temp')).rejects.toMatchObject({ code: 'device.rejected' });
    await site.clock.elapse(10);
    await refused;
    const leaving = device.disconnect();
    await site.clock.elapse(10);
    await leaving;
    await expect(device.publish('temp')).rejects.toMatchObject({ code: 'device.not_connected' });
    expect(device.stats).toMatchObject({ published: 0, publishFailures: 2 });
  });

  it('rejects a publish whose connection is lost before the ACK', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    site.ports.commit = () => new Promise(() => {});
    const lost = expect(device.publish('temp')).rejects.toMatchObject({ code: 'device.unacknowledged' });
    await site.clock.elapse(seconds(91));
    await lost;
  });

  it('answers function calls: result, promise, failure, unknown name', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const { commands } = site.gateway;
    const results = Promise.all([
      commands.callFunction(device.deviceId, 'echo', ''),
      commands.callFunction(device.deviceId, 'echo', 'grüße'),
      commands.callFunction(device.deviceId, 'publish', 'hello'),
    ]);
    await site.clock.elapse(50);
    expect(await results).toEqual([0, 7, 0]);
    expect(site.ports.published.at(-1)).toMatchObject({ name: 'echo' });
    const silent = ['fail', 'nothing', 'toString'].map((name) =>
      expect(commands.callFunction(device.deviceId, name, '')).rejects.toMatchObject({ code: 'device.timed_out' }),
    );
    await site.clock.elapse(seconds(31));
    await Promise.all(silent);
    expect(device.state).toBe('connected');
    expect(device.stats.calls).toBe(4);
  });

  it('answers variables of every type, and 4.04 for an unknown one', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const { commands } = site.gateway;
    const called = commands.callFunction(device.deviceId, 'echo', 'grüße');
    await site.clock.elapse(20);
    await called;
    const read = Promise.all([
      commands.readVariable(device.deviceId, 'last', 'string'),
      commands.readVariable(device.deviceId, 'count', 'int'),
      commands.readVariable(device.deviceId, 'ratio', 'double'),
      commands.readVariable(device.deviceId, 'flag', 'bool'),
    ]);
    const unknown = expect(commands.readVariable(device.deviceId, 'nothing', 'int')).rejects.toMatchObject({
      code: 'device.rejected',
      message: expect.stringContaining('4.04'),
    });
    await site.clock.elapse(20);
    expect(await read).toEqual(['grüße', 1, 21.5, true]);
    await unknown;
  });

  it('takes events: subscribed at connect, subscribed later, and none that it did not ask for', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const { commands } = site.gateway;
    const heard: string[] = [];
    const subscribed = device.subscribe('alerts/', (event) => heard.push(`${event.name}=${text(event.data)}`));
    await site.clock.elapse(10);
    await subscribed;
    expect(site.ports.subscriptions.at(-1)?.subscription.prefix).toBe('alerts/');
    const deliver = (name: string, data: string) =>
      commands.deliver(device.deviceId, { name, data: Buffer.from(data), contentFormat: 0 });
    const delivered = Promise.all([deliver('alerts/door', 'open'), deliver('echo/x', 'last'), deliver('other', '')]);
    await site.clock.elapse(50);
    expect(await delivered).toEqual([true, true, true]);
    expect(heard).toEqual(['alerts/door=open']);
    const last = commands.readVariable(device.deviceId, 'last', 'string');
    await site.clock.elapse(20);
    expect(await last).toBe('last');
  });

  it('gives binary events only to handlers that take them', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const heard: string[] = [];
    const subscribed = Promise.all(
      (['text', 'binary', 'cbor'] as const).map((accepts) => device.subscribe('b', () => heard.push(accepts), accepts)),
    );
    await site.clock.elapse(20);
    await subscribed;
    for (const contentFormat of [0, 42, 60, 50]) {
      void site.gateway.commands.deliver(device.deviceId, { name: 'b', data: Buffer.of(1), contentFormat });
      await site.clock.elapse(10);
      heard.push('|');
    }
    expect(heard.join(' ')).toBe('text binary | binary | binary cbor | text binary |');
  });

  it('answers ping, signal and Describe, and metrics with its real figures', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const { commands } = site.gateway;
    await site.clock.elapse(minutes(2));
    const answers = Promise.all([
      commands.ping(device.deviceId),
      commands.signal(device.deviceId, true),
      commands.requestDescribe(device.deviceId, 'system'),
      commands.requestDescribe(device.deviceId, 'application'),
      commands.requestDescribe(device.deviceId, 'metrics'),
    ]);
    await site.clock.elapse(50);
    const [roundTrip] = await answers;
    expect(roundTrip).toBe(2);
    expect(device.signalled).toBe(true);
    const [, , system, application, metrics] = site.ports.descriptions.map(({ description }) => description);
    expect(system).toEqual(site.ports.descriptions[0]?.description);
    expect(application).toEqual(site.ports.descriptions[1]?.description);
    expect(metrics).toMatchObject({ kind: 'metrics', metrics: expect.arrayContaining([{ id: 6, value: 120 }]) });
  });

  it('posts and serves a Describe of several blocks', async () => {
    const site = new DeviceSite();
    const names = Array.from({ length: 60 }, (_, at) => `function_with_a_long_name_${String(at).padStart(30, '0')}`);
    const functions = Object.fromEntries(names.map((name) => [name, () => 0]));
    const { device } = await site.connected({ behaviour: () => ({ functions, variables: {}, subscriptions: [] }) });
    const again = site.gateway.commands.requestDescribe(device.deviceId, 'application');
    await site.clock.elapse(100);
    await again;
    const applications = site.ports.descriptions.filter(({ description }) => description.kind === 'application');
    expect(applications.map(({ description }) => description)).toMatchObject([
      { application: { functions: names } },
      { application: { functions: names } },
    ]);
  });

  it('stays online for an hour on its keep-alive alone', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const before = site.network.sent.datagrams;
    await site.clock.elapse(minutes(60));
    expect(device.state).toBe('connected');
    expect(site.ports.presence).toEqual([{ deviceId: device.deviceId, online: true }]);
    const exchanges = (site.network.sent.datagrams - before) / 2;
    expect(exchanges).toBeGreaterThanOrEqual(143);
    expect(exchanges).toBeLessThanOrEqual(144);
  });

  it('is offline for the cloud 50 s after it was cut off', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const cutOffAt = site.clock.monotonic();
    site.network.conditions = { ...site.network.conditions, loss: 1 };
    while (site.gateway.commands.isOnline(device.deviceId)) await site.clock.elapse(500);
    const silence = site.clock.monotonic() - cutOffAt;
    expect(silence).toBeGreaterThanOrEqual(seconds(49));
    expect(silence).toBeLessThanOrEqual(seconds(52));
  });
});
