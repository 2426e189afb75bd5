import { type DeviceId, seconds } from '@cloudchamber/kernel';
import { emptyCon, encodePublish } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DEVICE, TcpSite } from './tcp-site.ts';

const event = { name: 'temp', confirmable: false } as const;

describe('limits of connections on TCP', () => {
  it('cut a peer that says nothing after 30 s', async () => {
    const site = new TcpSite();
    const stream = site.streams.connect('10.0.0.3');
    let closed = false;
    stream.onClose(() => {
      closed = true;
    });
    await site.clock.elapse(seconds(29));
    expect([closed, site.gateway.gauges().handshakes]).toEqual([false, 1]);
    await site.clock.elapse(seconds(2));
    expect([closed, site.gateway.gauges().handshakes, site.count('refused', 'too_slow')]).toEqual([true, 0, 1]);
  });

  it('cut a peer whose key exchange trickles in', async () => {
    const site = new TcpSite();
    const stream = site.streams.connect('10.0.0.3');
    for (let second = 0; second < 31; second++) {
      stream.write(Buffer.alloc(2, 7));
      await site.clock.elapse(seconds(1));
    }
    expect(site.count('refused', 'too_slow')).toBe(1);
  });

  it('cut a device that does not say Hello within 10 s', async () => {
    const site = new TcpSite();
    const device = site.device();
    await site.clock.elapse(seconds(9));
    expect(device.closed).toBe(false);
    await site.clock.elapse(seconds(2));
    expect([device.closed, site.count('streams_cut', 'too_slow'), site.gateway.gauges().sessions]).toEqual([
      true,
      1,
      0,
    ]);
  });

  it('cut a device whose frame is not complete within 10 s, and no other', async () => {
    const site = new TcpSite();
    const [slow, other] = [
      await site.connected(),
      await site.connected({ deviceId: '0a10aced0000000000000001' as DeviceId }),
    ];
    const frame = slow.session!.frames.seal(encodePublish({ id: slow.nextId(), ...event, data: 'x'.repeat(100) }));
    slow.stream.write(frame.subarray(0, 50));
    await site.clock.elapse(seconds(9));
    other.send(emptyCon(other.nextId()));
    slow.stream.write(frame.subarray(50, 60));
    await site.clock.elapse(seconds(2));
    expect([slow.closed, other.closed]).toEqual([true, false]);
    expect(site.ports.presence.at(-1)).toMatchObject({ deviceId: DEVICE, online: false });
  });

  it('let frames take their time as long as each is whole within 10 s', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    let rest: Buffer = Buffer.alloc(0);
    for (let turn = 0; turn < 6; turn++) {
      const frame = device.session!.frames.seal(encodePublish({ id: device.nextId(), ...event, data: String(turn) }));
      const bytes = Buffer.concat([rest, frame]);
      device.stream.write(bytes.subarray(0, bytes.length - 5));
      rest = bytes.subarray(bytes.length - 5);
      await site.clock.elapse(seconds(6));
    }
    expect([device.closed, site.ports.published.length]).toEqual([false, 5]);
  });

  it('cut a device that reads nothing', async () => {
    const site = new TcpSite({ maxTcpUnreadBytes: 4096 });
    const device = await site.connected();
    device.stream.stopReading();
    const data = Buffer.alloc(500);
    const deliver = () => site.gateway.commands.deliver(DEVICE, { name: 'big', data, contentFormat: 0 });
    for (let turn = 0; turn < 10; turn++) await deliver();
    expect([site.count('streams_cut', 'unread'), site.gateway.gauges().sessions]).toEqual([1, 0]);
    expect(await deliver()).toBe(false);
  });

  it('close a connection for good when its peer does not let it end', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    device.stream.stopReading();
    site.gateway.commands.endSession(DEVICE);
    await site.clock.elapse(seconds(4));
    expect(device.closed).toBe(false);
    await site.clock.elapse(seconds(2));
    expect(device.closed).toBe(true);
  });

  it('hold for one address, not for others', async () => {
    const site = new TcpSite({ maxTcpUnauthenticatedPerAddress: 3 });
    const strangers = Array.from({ length: 5 }, () => site.streams.connect('10.0.0.66'));
    let closed = 0;
    for (const stranger of strangers) stranger.onClose(() => (closed += 1));
    await site.clock.elapse(10);
    expect([closed, site.count('refused', 'too_many'), site.gateway.gauges().handshakes]).toEqual([2, 2, 3]);
    const device = await site.connected();
    expect(device.closed).toBe(false);
    strangers[0]?.destroy();
    await site.clock.elapse(10);
    const sameAddress = await site.connected({
      address: '10.0.0.66',
      deviceId: '0a10aced0000000000000001' as DeviceId,
    });
    expect(sameAddress.closed).toBe(false);
  });

  it('hold over all addresses, and devices that are in do not count', async () => {
    const site = new TcpSite({ maxTcpUnauthenticated: 2 });
    for (let number = 0; number < 5; number++) {
      await site.connected({ deviceId: `0a10aced000000000000000${number}` as DeviceId, address: '10.0.0.5' });
    }
    expect(site.gateway.gauges()).toEqual({ sessions: 5, online: 5, handshakes: 0 });
    site.streams.connect('10.0.0.66');
    site.streams.connect('10.0.0.67');
    await site.clock.elapse(10);
    const late = site.device({ address: '10.0.0.68' });
    await site.clock.elapse(10);
    expect([late.closed, site.count('refused', 'too_many')]).toEqual([true, 1]);
  });
});

describe('message ids on TCP', () => {
  it('begin where the handshake says', async () => {
    const site = new TcpSite();
    const device = site.device();
    await site.clock.elapse(10);
    device.hello({ id: device.nextId() + 1 });
    await site.clock.elapse(10);
    expect([device.closed, site.count('streams_cut', 'out_of_order'), site.ports.attempts.length]).toEqual([
      true,
      1,
      0,
    ]);
  });

  it('may skip a few, and run over 65535', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    let id = device.nextId();
    for (let message = 0; message < 5000; message++) {
      device.send(encodePublish({ id, ...event, data: '' }));
      id = (id + 1 + (message % 17)) & 0xffff;
    }
    await site.clock.elapse(100);
    expect([device.closed, site.ports.published.length]).toEqual([false, 5000]);
  });

  it.each([
    ['a repeated one', -1],
    ['one of before', -2],
    ['one far ahead', 17],
    ['one half way round', 0x8000],
  ])('end the connection: %s', async (_name, step) => {
    const site = new TcpSite();
    const device = await site.connected();
    device.send(encodePublish({ id: (device.nextId() + step) & 0xffff, ...event, data: '' }));
    await site.clock.elapse(10);
    expect([device.closed, site.count('streams_cut', 'out_of_order'), site.ports.published.length]).toEqual([
      true,
      1,
      0,
    ]);
  });

  it('give away a frame that was sent twice', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    const frame = device.send(encodePublish({ id: device.nextId(), ...event, data: 'x'.repeat(60) }));
    device.stream.write(frame);
    await site.clock.elapse(10);
    expect([device.closed, site.ports.published.length]).toEqual([true, 1]);
  });
});
