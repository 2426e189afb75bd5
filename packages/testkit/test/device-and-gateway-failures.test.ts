import { minutes, seconds } from '@cloudchamber/kernel';
import { memoryStorage, type VirtualDevice } from '@cloudchamber/virtual-device';
import { ContentType, generateP256 } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, SERVER, type SiteDevice } from './device-site.ts';

const { CONNECTION_ID, MOVED_CONNECTION_ID } = ContentType;

async function leave(site: DeviceSite, { device }: SiteDevice): Promise<void> {
  const left = device.disconnect();
  await site.clock.elapse(50);
  await left;
}

describe('a virtual device that comes back', () => {
  it('says Goodbye and resumes without a handshake: records of type 253 until the server was heard, then 25', async () => {
    const site = new DeviceSite();
    const made = await site.connected();
    await leave(site, made);
    expect(site.ports.presence.at(-1)).toMatchObject({ online: false, reason: 'goodbye' });
    site.recordTypes.length = 0;
    site.ports.published.length = 0;
    void made.device.connect();
    await site.clock.elapse(50);
    expect(made.device.state).toBe('connected');
    expect(site.recordTypes).toEqual([MOVED_CONNECTION_ID, CONNECTION_ID, CONNECTION_ID]);
    expect(made.device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    // Describe and subscriptions are known: only the update flags are said again (protocol section 1.8).
    expect(site.ports.descriptions).toHaveLength(2);
    expect(site.ports.subscriptions).toHaveLength(3);
    expect(site.ports.published).toHaveLength(2);
    expect(site.gateway.counters.get('handshakes_completed')).toBe(1);
    expect(site.ports.presence.at(-1)).toMatchObject({ online: true });
  });

  it('resumes in a new process, from what was stored', async () => {
    const site = new DeviceSite();
    const made = await site.connected();
    await leave(site, made);
    const again = await site.connected({ like: made });
    expect(again.device.stats).toMatchObject({ handshakes: 0, resumes: 1 });
    const called = site.gateway.commands.callFunction(again.device.deviceId, 'echo', 'abc');
    await site.clock.elapse(20);
    expect(await called).toBe(3);
  });

  it('resumes after its process was killed: the session was stored with every record', async () => {
    const site = new DeviceSite();
    const made = await site.connected();
    const published = made.device.publish('before');
    await site.clock.elapse(10);
    await published;
    const storage = memoryStorage();
    storage.save(made.storage.load()!);
    const again = await site.connected({ like: { ...made, storage } });
    expect(again.device.stats).toMatchObject({ handshakes: 0, resumes: 1 });
    expect(site.gateway.counters.get('datagrams_dropped', 'replayed')).toBe(0);
    // Message ids go on as well: the server takes nothing for a repeat (protocol section 3.1).
    expect(site.gateway.counters.get('messages_repeated')).toBe(0);
  });

  it('says on a resumed session what has changed in its firmware', async () => {
    const site = new DeviceSite();
    const made = await site.connected();
    await leave(site, made);
    const behaviour = () => ({ functions: { other: () => 1 }, variables: {}, subscriptions: [] });
    const again = await site.connected({ like: made, behaviour });
    expect(again.device.stats).toMatchObject({ handshakes: 0, resumes: 1 });
    expect(site.ports.descriptions.at(-1)?.description).toMatchObject({ application: { functions: ['other'] } });
    // The application's hash is part of the system Describe, which goes with a new Hello (protocol section 1.8).
    expect(site.ports.attempts).toHaveLength(2);
    expect(site.ports.subscriptions.slice(3).map(({ subscription }) => subscription.prefix)).toEqual([
      'particle',
      'spark',
    ]);
  });

  it('comes back by itself when the server has forgotten the session', async () => {
    const site = new DeviceSite();
    const { device, changes } = await site.connected();
    await site.restartGateway();
    const forgottenAt = site.clock.monotonic();
    while (device.stats.handshakes < 2 || device.state !== 'connected') await site.clock.elapse(seconds(1));
    // 25 s to the ping, 30 s for its answer, up to 1 s, up to 90 s of resuming, up to 2 s, and the handshake (protocol section 1.10).
    expect(site.clock.monotonic() - forgottenAt).toBeLessThan(seconds(150));
    expect(changes.flatMap(({ end }) => end ?? [])).toEqual(['silent', 'unacknowledged']);
    const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
    await site.clock.elapse(20);
    expect(await called).toBe(3);
  });

  it('handshakes anew when a publish goes unacknowledged', async () => {
    const site = new DeviceSite();
    const { device, changes } = await site.connected();
    await site.restartGateway();
    const publishing = device.publish('temp', '1');
    const lost = expect(publishing).rejects.toMatchObject({ code: 'device.unacknowledged' });
    await site.clock.elapse(minutes(3));
    await lost;
    expect(changes.flatMap(({ end }) => end ?? [])).toContain('silent');
    expect(device.stats.handshakes).toBe(2);
    expect(device.state).toBe('connected');
  });

  it('survives a change of its address', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    await site.clock.elapse(seconds(1));
    const left = device.disconnect();
    await site.clock.elapse(20);
    await left;
    void device.connect();
    await site.clock.elapse(50);
    const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
    await site.clock.elapse(20);
    expect(await called).toBe(3);
    expect(site.gateway.counters.get('address_changes')).toBe(1);
  });

  it('handshakes anew when the cloud ends the session', async () => {
    const site = new DeviceSite();
    const { device, changes } = await site.connected();
    site.gateway.commands.endSession(device.deviceId);
    await site.clock.elapse(seconds(2));
    expect(changes.flatMap(({ end }) => end ?? [])).toEqual(['discarded']);
    expect(device.stats).toMatchObject({ handshakes: 2, resumes: 0 });
    expect(device.state).toBe('connected');
  });

  it('resumes by itself after the network was away for minutes', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const good = site.network.conditions;
    site.network.conditions = { ...good, loss: 1 };
    await site.clock.elapse(seconds(70));
    expect(device.state).not.toBe('connected');
    site.network.conditions = good;
    await site.clock.elapse(seconds(60));
    expect(device.state).toBe('connected');
    expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
  });
});

describe('a virtual device that is not welcome', () => {
  it.each([
    ['unknown', { registered: false }, 'unknown_device'],
    ['known with another key', { registered: true }, 'key_mismatch'],
  ])('is refused when it is %s, and keeps trying with growing waits', async (_name, { registered }, reason) => {
    const site = new DeviceSite();
    const { device, changes } = site.device({ registered });
    if (registered) site.ports.keys.set(device.deviceId, generateP256().spki);
    void device.connect();
    await site.clock.elapse(minutes(5));
    expect(changes.at(-1)).toMatchObject({ state: 'waiting', end: 'refused' });
    expect(site.gateway.counters.get('refused', reason)).toBe(device.stats.attempts);
    expect(device.stats.attempts).toBeGreaterThan(6);
    expect(device.stats.attempts).toBeLessThan(16);
    expect(site.gateway.gauges()).toMatchObject({ sessions: 0, online: 0 });
  });

  it('fails with a clear reason when the server has another key than it was given', async () => {
    const site = new DeviceSite();
    const { device, changes } = site.device({ serverSpki: generateP256().spki });
    const connected = expect(device.connect()).rejects.toMatchObject({ code: 'device.stopped' });
    await site.clock.elapse(100);
    expect(changes.at(-1)).toEqual({
      state: 'waiting',
      end: 'wrong_server_key',
      explanation: 'the server has another key than the device was given',
    });
    await leave(site, { device } as SiteDevice);
    await connected;
    expect(device.state).toBe('offline');
  });

  it('says that nobody answers', async () => {
    const site = new DeviceSite();
    await site.gateway.stop();
    const { device, changes } = site.device();
    void device.connect();
    await site.clock.elapse(seconds(46));
    expect(changes).toContainEqual(expect.objectContaining({ state: 'waiting', end: 'server_unreachable' }));
  });
});

describe('a virtual device on a bad network', () => {
  /** Publishes until it is acknowledged, as an application would that must not lose an event. */
  async function publishSurely(device: VirtualDevice, data: string): Promise<void> {
    for (;;) {
      try {
        return await device.publish('n', data);
      } catch {
        await new Promise<void>((resolve) => {
          const stop = device.onState(({ state }) => {
            if (state !== 'connected') return;
            stop();
            resolve();
          });
        });
      }
    }
  }

  it.each([1, 2, 3, 4, 5])('gets everything done with a fifth of all datagrams lost (seed %i)', async (seed) => {
    const site = new DeviceSite(seed);
    site.network.conditions = { ...site.network.conditions, loss: 0.2, duplication: 0.1, delayMs: 20, jitterMs: 200 };
    const { device } = site.device();
    void device.connect();
    while (device.state !== 'connected') await site.clock.elapse(seconds(1));
    let acknowledged = 0;
    for (let number = 0; number < 20; number++)
      void publishSurely(device, String(number)).then(() => (acknowledged += 1));
    const { commands } = site.gateway;
    const asked = Promise.allSettled([
      commands.callFunction(device.deviceId, 'echo', 'abc'),
      commands.readVariable(device.deviceId, 'ratio', 'double'),
    ]);
    for (let minute = 0; acknowledged < 20 && minute < 30; minute++) await site.clock.elapse(minutes(1));
    expect(acknowledged).toBe(20);
    const numbers = site.ports.published.filter(({ name }) => name === 'n').map(({ data }) => Number(data));
    expect([...new Set(numbers)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    // Commands wait for 30 s at most, less than their answer may need here; what arrives is right, and runs once.
    const [call, variable] = await asked;
    if (call.status === 'fulfilled') expect(call.value).toBe(3);
    if (variable.status === 'fulfilled') expect(variable.value).toBe(21.5);
    expect(device.stats.calls).toBeLessThanOrEqual(1);
    expect(device.stats.retransmitted).toBeGreaterThan(0);
  });

  it('takes a repeated request once, and answers it again', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    // Every datagram to the device arrives, every second one of its own is lost.
    let sent = 0;
    site.network.intercept = (_bytes, _from, to) =>
      to.startsWith(SERVER.address) && sent++ % 2 === 0 ? 'drop' : 'pass';
    const delivered = site.gateway.commands.deliver(device.deviceId, {
      name: 'echo/once',
      data: Buffer.from('once'),
      contentFormat: 0,
    });
    await site.clock.elapse(seconds(20));
    expect(await delivered).toBe(true);
    expect(device.stats.events).toBe(1);
  });
});
