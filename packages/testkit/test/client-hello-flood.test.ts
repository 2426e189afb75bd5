import { milliseconds, minutes, seconds, seededEntropy } from '@cloudchamber/kernel';
import { PROFILES } from '@cloudchamber/virtual-device';
import { ContentType } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DeviceSite, SERVER, type SiteDevice } from './device-site.ts';
import { heapInUse } from './heap-in-use.ts';

const TO_SERVER = `${SERVER.address}:${SERVER.port}`;
const DEVICES = 48;
/** Random bytes of a ClientHello: after record header 13, handshake header 12, version 2. */
const RANDOM = 27;
const profiles = [...PROFILES.values()];

/** A ClientHello as a device sends it first, with other randoms each time. */
async function helloMaker(site: DeviceSite): Promise<() => Buffer> {
  const entropy = seededEntropy(11);
  let hello: Buffer | undefined;
  site.network.intercept = (bytes) => {
    hello ??= Buffer.from(bytes);
    return 'pass';
  };
  await site.connected();
  const genuine = hello ?? Buffer.alloc(0);
  return () => {
    const copy = Buffer.from(genuine);
    entropy.bytes(32).copy(copy, RANDOM);
    return copy;
  };
}

/** Devices that begin to connect one after the other, over `ms`. */
async function connecting(site: DeviceSite, ms: number, meanwhile: () => void): Promise<SiteDevice[]> {
  const made: SiteDevice[] = [];
  for (let number = 0; number < DEVICES; number++) {
    const device = site.device({ profile: profiles[number % profiles.length] });
    made.push(device);
    void device.device.connect();
    meanwhile();
    await site.clock.elapse(ms / DEVICES);
  }
  return made;
}

describe('a flood of ClientHellos', () => {
  it('from addresses that are not its own: 20,000 in 4 s hold nothing, draw nothing, and let every device in at once', async () => {
    const site = new DeviceSite();
    const nextHello = await helloMaker(site);
    const spoofed = { in: 0, out: 0, datagrams: 0 };
    let mostHandshakes = 0;
    site.network.intercept = (bytes, _from, to) => {
      if (to.startsWith('203.')) spoofed.out += bytes.length;
      return 'pass';
    };
    const flood = (): void => {
      for (let sent = 0; sent < 420; sent++) {
        const number = spoofed.datagrams++;
        const from = { address: `203.0.${(number >> 8) & 0xff}.${number & 0xff}`, port: 1024 + (number >> 16) };
        const hello = nextHello();
        spoofed.in += hello.length;
        site.network.inject(hello, from, TO_SERVER);
      }
      mostHandshakes = Math.max(mostHandshakes, site.gateway.gauges().handshakes);
    };
    const before = await heapInUse();
    const made = await connecting(site, seconds(4), flood);
    await site.clock.elapse(milliseconds(100));
    expect(spoofed.datagrams).toBeGreaterThanOrEqual(20_000);
    for (const { device } of made) {
      expect(device.state).toBe('connected');
      expect(device.stats).toMatchObject({ attempts: 1, retransmitted: 0 });
    }
    expect(spoofed.out).toBeLessThanOrEqual(spoofed.in);
    expect(mostHandshakes).toBeLessThanOrEqual(DEVICES);
    expect(site.gateway.counters.get('handshakes_started')).toBe(DEVICES + 1);
    expect((await heapInUse()) - before).toBeLessThan(50 * 2 ** 20);
    console.log(`ClientHello flood: ${spoofed.datagrams} hellos, ${spoofed.in} bytes in, ${spoofed.out} bytes out`);
  });

  it.each([
    ['one address', 1],
    ['many addresses', 100],
  ])(
    'that shows its cookies, from %s: devices from elsewhere get in, and it is all forgotten',
    async (_name, count) => {
      const site = new DeviceSite(1, { maxHandshakesPerAddress: 100, maxHandshakes: 400 });
      const nextHello = await helloMaker(site);
      const starts = Array.from({ length: DEVICES * 20 }, (_, at) => {
        const { onDatagram, send } = site.network.bind(`203.0.113.${at % count}`);
        let hello: Buffer | undefined;
        onDatagram((bytes) => {
          // A HelloVerifyRequest: record header 13, handshake header 12, version 2, then the cookie and its length.
          if (hello === undefined || bytes[0] !== ContentType.HANDSHAKE || bytes[13] !== 3) return;
          const again = withCookie(hello, Buffer.from(bytes.subarray(27)));
          hello = undefined;
          send(again, SERVER.address, SERVER.port);
        });
        return (): void => {
          hello = nextHello();
          send(hello, SERVER.address, SERVER.port);
        };
      });
      let mostHandshakes = 0;
      const made = await connecting(site, seconds(10), () => {
        for (const start of starts.splice(0, 20)) start();
        mostHandshakes = Math.max(mostHandshakes, site.gateway.gauges().handshakes);
      });
      await site.clock.elapse(seconds(10));
      expect(made.map(({ device }) => device.state)).toEqual(Array(DEVICES).fill('connected'));
      expect(mostHandshakes).toBeLessThanOrEqual(400);
      const refused = site.gateway.counters.get('refused', 'too_many');
      // One address gets no further than its own share; many fill the table, and their oldest handshakes give way.
      expect(refused).toBe(count === 1 ? DEVICES * 20 - 100 : 0);
      await site.clock.elapse(minutes(1));
      expect(site.gateway.gauges()).toMatchObject({ handshakes: 0, sessions: DEVICES + 1 });
    },
  );
});

/** The same ClientHello with its cookie, as RFC 6347 section 4.2.1 wants it: message number 1, all lengths set right. */
function withCookie(hello: Buffer, cookie: Buffer): Buffer {
  const bytes = Buffer.concat([hello.subarray(0, 60), cookie, hello.subarray(61)]);
  bytes.writeUInt16BE(bytes.length - 13, 11);
  bytes.writeUIntBE(bytes.length - 25, 14, 3);
  bytes.writeUIntBE(bytes.length - 25, 22, 3);
  bytes.writeUInt16BE(1, 17);
  return bytes;
}
