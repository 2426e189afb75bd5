import { minutes, seconds } from '@cloudchamber/kernel';
import { PROFILES } from '@cloudchamber/virtual-device';
import { describe, expect, it } from 'vitest';
import { PERFECT } from '../src/index.ts';
import { DeviceSite, SERVER } from './device-site.ts';

const profiles = [...PROFILES.values()];

describe('a network of small datagrams', () => {
  it.each(profiles)('of 1232 bytes carries everything that $name can say (IPv6 without fragments)', async (profile) => {
    const site = new DeviceSite();
    site.network.conditions = { ...PERFECT, mtu: 1232 };
    const { device } = await site.connected({ profile });
    const { commands } = site.gateway;
    const most = 'x'.repeat(profile.maxValueBytes);
    const asked = Promise.all([
      device.publish('n'.repeat(64), most),
      commands.callFunction(device.deviceId, 'echo', most),
      commands.deliver(device.deviceId, { name: 'echo/'.padEnd(64, 'n'), data: Buffer.from(most), contentFormat: 0 }),
    ]);
    await site.clock.elapse(50);
    expect((await asked).slice(1)).toEqual([most.length, true]);
    const read = commands.readVariable(device.deviceId, 'last', 'string');
    await site.clock.elapse(50);
    expect(await read).toBe(most);
    expect(device.stats.retransmitted).toBe(0);
  });

  it.each(profiles)('of 548 bytes carries the handshake of $name (IPv4 without fragments)', async (profile) => {
    const site = new DeviceSite();
    site.network.conditions = { ...PERFECT, mtu: 548 };
    const { device } = site.device({ profile });
    void device.connect();
    await site.clock.elapse(50);
    expect(device.stats.handshakes).toBe(1);
    expect(site.gateway.counters.get('devices_admitted', 'udp')).toBe(1);
  });

  it('loses what is larger, and says so; the device comes back', async () => {
    const site = new DeviceSite();
    site.network.conditions = { ...PERFECT, mtu: 548 };
    const { device, changes } = await site.connected();
    const lost = expect(device.publish('big', 'x'.repeat(1000))).rejects.toMatchObject({
      code: 'device.unacknowledged',
    });
    await site.clock.elapse(seconds(95));
    await lost;
    expect(changes.flatMap(({ end }) => end ?? [])).toEqual(['unacknowledged']);
    expect(device.state).toBe('connected');
    const small = device.publish('small', 'x');
    await site.clock.elapse(50);
    await small;
    expect(site.ports.published.map(({ name }) => name)).not.toContain('big');
  });
});

describe('a device whose address changes', () => {
  const withCid = profiles.filter(({ connectionId }) => connectionId);
  const withoutCid = profiles.filter(({ connectionId }) => !connectionId);

  it.each(withCid)('is followed at once, $name by its connection id', async (profile) => {
    const site = new DeviceSite();
    const { device, sockets } = await site.connected({ profile });
    for (let moves = 1; moves <= 3; moves++) {
      sockets[0]?.rebind();
      const published = device.publish('moved');
      await site.clock.elapse(20);
      await published;
      const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
      await site.clock.elapse(20);
      expect(await called).toBe(3);
      expect(site.gateway.counters.get('address_changes')).toBe(moves);
    }
    expect(device.stats).toMatchObject({ handshakes: 1, resumes: 0, retransmitted: 0 });
  });

  it.each(withoutCid)('is back without help, $name that only its address tells', async (profile) => {
    const site = new DeviceSite();
    const { device, sockets } = await site.connected({ profile });
    sockets[0]?.rebind();
    const published = device.publish('moved').catch(() => 'lost');
    await site.clock.elapse(minutes(3));
    expect(await published).toBe('lost');
    expect(device.state).toBe('connected');
    expect(site.gateway.gauges()).toMatchObject({ sessions: 1, online: 1 });
    const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
    await site.clock.elapse(20);
    expect(await called).toBe(3);
  });

  it('is heard before it is called: a call that finds nobody waits for its next word', async () => {
    const site = new DeviceSite();
    const { device, sockets } = await site.connected();
    sockets[0]?.rebind();
    const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
    await site.clock.elapse(seconds(2));
    const published = device.publish('here');
    await site.clock.elapse(seconds(5));
    await published;
    expect(await called).toBe(3);
    expect(device.stats.calls).toBe(1);
  });

  it('is not followed to where an old record of it came from', async () => {
    const site = new DeviceSite();
    const records: Uint8Array[] = [];
    const { device } = await site.connected();
    site.network.intercept = (bytes, _from, to) => {
      if (to.startsWith(SERVER.address)) records.push(Buffer.from(bytes));
      return 'pass';
    };
    const published = Promise.all([device.publish('a'), device.publish('b')]);
    await site.clock.elapse(20);
    await published;
    const elsewhere = site.network.bind('203.0.113.9');
    let drawn = 0;
    elsewhere.onDatagram(() => (drawn += 1));
    for (const record of records.splice(0)) elsewhere.send(record, SERVER.address, SERVER.port);
    await site.clock.elapse(20);
    const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
    await site.clock.elapse(20);
    expect(await called).toBe(3);
    expect(drawn).toBe(0);
    expect(site.gateway.counters.get('address_changes')).toBe(0);
    expect(site.gateway.counters.get('datagrams_dropped', 'replayed')).toBe(2);
  });

  it('comes home when somebody carried its newest record there first', async () => {
    const site = new DeviceSite();
    const { device } = await site.connected();
    const elsewhere = site.network.bind('203.0.113.9');
    site.network.intercept = (bytes, from, to) => {
      if (!to.startsWith(SERVER.address) || from.startsWith('203.')) return 'pass';
      elsewhere.send(bytes, SERVER.address, SERVER.port);
      return 'drop';
    };
    const carried = device.publish('a').catch(() => {});
    await site.clock.elapse(10);
    expect(site.gateway.counters.get('address_changes')).toBe(1);
    site.network.intercept = () => 'pass';
    await site.clock.elapse(seconds(7));
    await carried;
    expect(site.gateway.counters.get('address_changes')).toBe(2);
    expect(site.ports.published.filter(({ name }) => name === 'a')).toHaveLength(1);
    const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
    await site.clock.elapse(20);
    expect(await called).toBe(3);
  });
});
