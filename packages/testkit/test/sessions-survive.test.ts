import { type DeviceId, minutes, seconds } from '@cloudchamber/kernel';
import { PROFILES, type VirtualDevice } from '@cloudchamber/virtual-device';
import { ContentType, emptyCon, encodePublish } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import type { RawDevice } from '../src/index.ts';
import { MortalServer, SERVER } from './mortal-server.ts';

const publishOf = (id: number): Buffer => encodePublish({ id, name: 'n', data: String(id) });

/** Notes every record that the server sends under session keys. @returns what was sent twice */
function watchNonces(server: MortalServer): () => string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  const before = server.network.intercept;
  server.network.intercept = (bytes, from, to) => {
    // Epoch 1 of type 23 or 21: epoch and sequence are the nonce (protocol section 1.4).
    if (from.startsWith(SERVER.address) && bytes[4] === 1) {
      const nonce = Buffer.from(bytes.subarray(3, 11)).toString('hex');
      if (seen.has(nonce)) twice.push(nonce);
      seen.add(nonce);
    }
    return before(bytes, from, to);
  };
  return () => twice;
}

async function connected(server: MortalServer, device: VirtualDevice): Promise<VirtualDevice> {
  void device.connect();
  await server.clock.elapse(200);
  expect(device.state).toBe('connected');
  return device;
}

async function ends<T>(server: MortalServer, promise: Promise<T>, withinMs: number): Promise<T> {
  let ended = false;
  const watched = promise.finally(() => {
    ended = true;
  });
  watched.catch(() => {});
  for (let waited = 0; !ended && waited < withinMs; waited += 100) await server.clock.elapse(100);
  if (!ended) throw new Error(`not ended after ${withinMs} ms`);
  return watched;
}

describe('a session after the end of its process', () => {
  it('goes on with the next record: no handshake, no nonce twice', async () => {
    const server = new MortalServer();
    const device = await connected(server, server.device());
    const twice = watchNonces(server);
    await ends(server, device.publish('before', '1'), 1000);
    server.kill();
    await server.clock.elapse(seconds(5));
    server.start();
    await ends(server, device.publish('after', '2'), 1000);
    expect(await ends(server, server.gateway.commands.callFunction(device.deviceId, 'echo', 'abc'), 1000)).toBe(3);
    expect(device.stats).toMatchObject({ handshakes: 1, disconnects: 0 });
    expect(server.gateway.counters.get('handshakes_started')).toBe(0);
    expect(server.gateway.gauges()).toMatchObject({ sessions: 1, online: 1 });
    expect(twice()).toEqual([]);
  });

  it('can be used before the device has said anything: the device counts as online, and nobody is told of it', async () => {
    const server = new MortalServer();
    const device = await connected(server, server.device());
    server.kill();
    server.ports.presence.length = 0;
    server.start();
    await server.clock.elapse(10);
    expect(server.ports.resumedDevices).toEqual([device.deviceId]);
    expect(await ends(server, server.gateway.commands.callFunction(device.deviceId, 'echo', 'abc'), 1000)).toBe(3);
    expect(server.ports.presence).toEqual([]);
  });

  it('is as good after an orderly end', async () => {
    const server = new MortalServer();
    const device = await connected(server, server.device());
    const told = server.ports.presence.length;
    await server.stop();
    expect(server.ports.presence.slice(told)).toEqual([
      { deviceId: device.deviceId, online: false, reason: 'server_stopping' },
    ]);
    server.start();
    await ends(server, device.publish('after', '2'), 1000);
    expect(device.stats).toMatchObject({ handshakes: 1, disconnects: 0 });
    expect(server.ports.presence).toHaveLength(told + 1);
  });

  it('survives many lives, each shorter than a reservation of sequence numbers', async () => {
    const server = new MortalServer();
    const device = await connected(server, server.device());
    const twice = watchNonces(server);
    for (let life = 0; life < 20; life++) {
      await ends(server, device.publish('n', String(life)), 1000);
      server.kill();
      await server.clock.elapse(50);
      server.start();
    }
    await ends(server, device.publish('n', '20'), 1000);
    expect(device.stats).toMatchObject({ handshakes: 1, disconnects: 0 });
    expect(twice()).toEqual([]);
  });

  it('keeps what the device won’t say again: its subscriptions are not taken for a new set', async () => {
    const server = new MortalServer();
    const device = await connected(server, server.device());
    server.kill();
    server.start();
    const known = server.ports.subscriptions.length;
    const described = server.ports.descriptions.length;
    await ends(
      server,
      device.subscribe('more/', () => {}),
      1000,
    );
    expect(server.ports.subscriptions.slice(known)).toMatchObject([
      { subscription: { prefix: 'more/' }, first: false },
    ]);
    expect(server.ports.descriptions).toHaveLength(described);
  });

  it.each([...PROFILES.values()])('is resumed by a device that reconnects: $name', async (profile) => {
    const server = new MortalServer();
    const device = await connected(server, server.device({ profile }));
    const left = device.disconnect();
    await ends(server, left, seconds(10));
    server.kill();
    server.start();
    await server.clock.elapse(10);
    // Only since 2.0 do they say that they leave.
    const saysGoodbye = server.ports.presence.some((change) => !change.online && change.reason === 'goodbye');
    expect(server.gateway.commands.isOnline(device.deviceId)).toBe(!saysGoodbye);
    // Another port, as every socket of the simulated network has one.
    await connected(server, device);
    expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    await ends(server, device.publish('after', '1'), 1000);
    expect(await ends(server, server.gateway.commands.callFunction(device.deviceId, 'echo', 'ab'), 1000)).toBe(2);
    expect(server.gateway.counters.get('address_changes')).toBe(1);
    expect(server.gateway.counters.get('handshakes_started')).toBe(0);
  });

  it('is over for a device that doesn’t come back: it goes offline after the silence that its platform is allowed', async () => {
    const server = new MortalServer();
    const device = await server.greeted();
    server.kill();
    await server.clock.elapse(minutes(5));
    server.start();
    await server.clock.elapse(seconds(49));
    expect(server.gateway.commands.isOnline(device.deviceId)).toBe(true);
    await server.clock.elapse(seconds(3));
    expect(server.gateway.commands.isOnline(device.deviceId)).toBe(false);
    expect(server.ports.presence.at(-1)).toMatchObject({ online: false, reason: 'silent' });
  });
});

describe('a server killed at any moment', () => {
  /** Every moment of a device's connecting and of its first publishes and calls, 60 ms of it, and of what follows on the disk. */
  const MOMENTS = Array.from({ length: 90 }, (_, at) => at);

  it('never costs an admitted device its session, an acknowledged event, or a nonce; nothing happens twice', async () => {
    let resumed = 0;
    for (const moment of MOMENTS) {
      const server = new MortalServer(moment);
      const twice = watchNonces(server);
      const device = server.device();
      const acknowledged: string[] = [];
      void device.connect();
      device.onState(({ state }) => {
        if (state !== 'connected') return;
        for (const data of ['1', '2', '3']) {
          device.publish('n', data).then(
            () => acknowledged.push(data),
            () => {},
          );
        }
      });
      await server.clock.elapse(moment);
      const held = server.life.vault.durable.size;
      server.kill();
      await server.clock.elapse(500);
      server.start();
      await server.clock.elapse(seconds(100));
      expect(device.state, `moment ${moment}`).toBe('connected');
      // A session that is on the disk is gone on with; without one the device shakes hands.
      expect(server.gateway.counters.get('handshakes_completed'), `moment ${moment}`).toBe(held === 0 ? 1 : 0);
      resumed += held;
      const stored = server.ports.published.filter(({ name }) => name === 'n').map(({ data }) => String(data));
      expect(new Set(stored).size, `moment ${moment}: ${stored}`).toBe(stored.length);
      for (const data of acknowledged) expect(stored).toContain(data);
      expect(acknowledged.length, `moment ${moment}`).toBeGreaterThanOrEqual(3);
      if (held > 0) expect(twice(), `moment ${moment}`).toEqual([]);
    }
    expect(resumed).toBeGreaterThan(MOMENTS.length / 2);
  });
});

describe('records that are replayed', () => {
  const ATTACKER = '10.6.6.6';

  function watch(server: MortalServer): { replay(datagrams: readonly Uint8Array[]): void; readonly answers: number } {
    const socket = server.network.bind(ATTACKER);
    let answers = 0;
    socket.onDatagram(() => {
      answers += 1;
    });
    return {
      replay(datagrams) {
        for (const datagram of datagrams) socket.send(datagram, SERVER.address, SERVER.port);
      },
      get answers() {
        return answers;
      },
    };
  }

  async function converse(server: MortalServer, device: RawDevice, from: number, count: number): Promise<Uint8Array[]> {
    const sent: Uint8Array[] = [];
    for (let at = 0; at < count; at++) {
      const id = (from + at) & 0xffff;
      sent.push(device.send(at % 2 === 0 ? publishOf(id) : emptyCon(id)));
      if (at % 50 === 49) await server.clock.elapse(20);
    }
    await server.clock.elapse(20);
    return sent;
  }

  it('are refused, 100,000 of them, half in the same life and half in the next', async () => {
    const server = new MortalServer();
    const device = await server.greeted();
    const records = await converse(server, device, 100, 1000);
    expect(server.ports.published).toHaveLength(500);
    const attacker = watch(server);
    for (let round = 0; round < 50; round++) {
      attacker.replay(records);
      await server.clock.elapse(5);
    }
    expect(server.gateway.counters.get('datagrams_dropped', 'replayed')).toBe(50_000);
    server.kill();
    server.start();
    for (let round = 0; round < 50; round++) {
      attacker.replay(records);
      await server.clock.elapse(5);
    }
    expect(server.gateway.counters.get('datagrams_dropped', 'replayed')).toBe(50_000);
    expect(server.gateway.counters.get('address_changes')).toBe(0);
    expect(server.ports.published).toHaveLength(500);
    expect(attacker.answers).toBe(0);
    device.inbox.length = 0;
    await converse(server, device, 2000, 2);
    expect(server.ports.published).toHaveLength(501);
    expect(device.inbox).toHaveLength(2);
  });

  it('are refused by the next life whenever anything came of them in the last, at whatever moment it ended', async () => {
    let acted = 0;
    for (let moment = 0; moment < 24; moment++) {
      const server = new MortalServer(moment);
      const device = await server.greeted();
      const moved = server.network.bind('10.0.9.9');
      device.moveTo(moved);
      device.inbox.length = 0;
      const ping = device.send(emptyCon(7));
      await server.clock.elapse(moment / 2);
      const publish = device.send(publishOf(8));
      await server.clock.elapse(moment / 2);
      const [answered, stored] = [device.inbox.length, server.ports.published.length];
      server.kill();
      await server.clock.elapse(10);
      server.start();
      const attacker = watch(server);
      if (answered >= 1) attacker.replay([ping]);
      if (stored === 1) attacker.replay([publish]);
      await server.clock.elapse(50);
      acted += answered + stored;
      expect(attacker.answers, `moment ${moment}`).toBe(0);
      expect(server.gateway.counters.get('address_changes'), `moment ${moment}`).toBe(0);
      expect(server.ports.published, `moment ${moment}`).toHaveLength(stored);
    }
    expect(acted).toBeGreaterThan(24);
  });
});

describe('an event whose ACK was lost with the process', () => {
  it('is stored once: its repeat on the session that goes on is acknowledged, and nothing else', async () => {
    const server = new MortalServer();
    const device = await server.greeted();
    device.inbox.length = 0;
    device.send(publishOf(5));
    // The record is under way for 1 ms and on its way to the disk for 3; the ACK is not at the device yet.
    await server.clock.elapse(4.5);
    expect([server.ports.published.length, device.inbox.length]).toEqual([1, 0]);
    server.kill();
    await server.clock.elapse(10);
    server.start();
    device.inbox.length = 0;
    device.send(publishOf(5));
    device.send(publishOf(6));
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([5, 6]);
    expect(server.ports.published.map(({ data }) => String(data))).toEqual(['5', '6']);
  });

  it('is stored when the process ended before the commit', async () => {
    const server = new MortalServer();
    const device = await server.greeted();
    device.send(publishOf(5));
    await server.clock.elapse(2);
    server.kill();
    await server.clock.elapse(10);
    server.start();
    device.send(publishOf(5));
    await server.clock.elapse(20);
    expect(server.ports.published.map(({ data }) => String(data))).toEqual(['5']);
  });
});

describe('a disk that takes nothing', () => {
  it('has the server fall silent before it would use a sequence number that is not reserved', async () => {
    const server = new MortalServer();
    const device = await server.greeted();
    const twice = watchNonces(server);
    server.life.vault.failing = true;
    const before = device.inbox.length;
    for (let at = 0; at < 2000; at++) {
      server.gateway.commands.ping(device.deviceId).catch(() => {});
      if (at % 100 === 0) await server.clock.elapse(1);
    }
    await server.clock.elapse(10);
    const got = device.inbox.length - before;
    expect(got).toBeGreaterThan(512);
    expect(got).toBeLessThanOrEqual(1024);
    // A message isn't acted on either: no ACK, and the device tries again.
    device.inbox.length = 0;
    device.send(emptyCon(99));
    await server.clock.elapse(20);
    expect(device.inbox).toEqual([]);
    server.life.vault.failing = false;
    server.kill();
    server.start();
    await server.clock.elapse(10);
    device.send(emptyCon(100));
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([100]);
    expect(twice()).toEqual([]);
  });

  it('goes on by itself once the disk does', async () => {
    const server = new MortalServer();
    const device = await server.greeted();
    server.life.vault.failing = true;
    device.send(emptyCon(1));
    await server.clock.elapse(20);
    server.life.vault.failing = false;
    device.inbox.length = 0;
    device.send(emptyCon(2));
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([2]);
  });
});

describe('a device up to 3.0, which has no connection id', () => {
  /** As Device OS 1.5 marks a record after a resume (protocol section 1.5). */
  function marked(record: Uint8Array, deviceId: DeviceId): Buffer {
    const datagram = Buffer.concat([record, Buffer.from(deviceId, 'hex'), Uint8Array.of(12)]);
    datagram[0] = ContentType.MOVED_DEVICE_ID;
    return datagram;
  }

  it('is found by its address and by its mark, and only a fresh mark moves it', async () => {
    const server = new MortalServer();
    const device = await server.greeted({ offerCid: false });
    server.kill();
    server.start();
    await server.clock.elapse(10);
    device.inbox.length = 0;
    device.send(emptyCon(1));
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([1]);
    const moved = server.network.bind('10.0.3.3');
    device.moveTo(moved);
    const mark = marked(device.session!.seal(ContentType.APPLICATION_DATA, emptyCon(2)), device.deviceId);
    device.sendRaw(mark);
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([1, 2]);
    // Unmarked records find it by its new address from now on; the mark is worth nothing the second time.
    const attacker = server.network.bind('10.6.6.6');
    attacker.send(mark, SERVER.address, SERVER.port);
    device.send(emptyCon(3));
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(server.gateway.counters.get('address_changes')).toBe(1);
    server.kill();
    server.start();
    await server.clock.elapse(10);
    device.send(emptyCon(4));
    await server.clock.elapse(20);
    expect(device.inbox.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  it('is not believed an id that its keys do not fit', async () => {
    const server = new MortalServer();
    const [one, other] = [await server.greeted({ offerCid: false }), await server.greeted({ offerCid: false })];
    const record = one.session!.seal(ContentType.APPLICATION_DATA, emptyCon(2));
    one.sendRaw(marked(record, other.deviceId));
    await server.clock.elapse(20);
    expect(server.gateway.counters.get('datagrams_dropped', 'unauthenticated')).toBe(1);
    expect([...one.inbox, ...other.inbox]).toEqual([]);
  });
});

describe('a server that has lost its sessions', () => {
  it('has all devices back within the protocol’s own timers, by a handshake each', async () => {
    const server = new MortalServer();
    const devices = Array.from({ length: 100 }, () => server.device());
    for (const device of devices) void device.connect();
    await server.clock.elapse(seconds(2));
    server.kill();
    server.wipe();
    server.start();
    const wipedAt = server.clock.monotonic();
    const isBack = (device: VirtualDevice): boolean => device.stats.handshakes === 2 && device.state === 'connected';
    while (!devices.every(isBack)) {
      await server.clock.elapse(seconds(1));
      // 25 s to the ping, 30 s for its answer, 60 to 90 s of resuming, and short waits between (protocol section 1.10).
      expect(server.clock.monotonic() - wipedAt).toBeLessThan(seconds(150));
    }
    expect(server.gateway.gauges()).toMatchObject({ sessions: 100, online: 100 });
  }, 30_000);
});

describe('renewal', () => {
  it('gives a session new keys after its time, when the device is awake, without it ever going offline', async () => {
    const server = new MortalServer(1, { sessionRenewMs: minutes(10) });
    const device = await connected(server, server.device());
    await server.clock.elapse(minutes(4));
    server.kill();
    server.start();
    await server.clock.elapse(minutes(4));
    expect(device.stats.handshakes).toBe(1);
    await server.clock.elapse(minutes(3));
    expect(device.stats).toMatchObject({ handshakes: 2 });
    expect(device.state).toBe('connected');
    expect(server.gateway.counters.get('sessions_renewed')).toBe(1);
    expect(server.ports.presence.filter(({ online }) => !online)).toEqual([]);
    expect(server.life.vault.durable.size).toBe(1);
  });
});
