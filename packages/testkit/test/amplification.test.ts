import { seededEntropy } from '@cloudchamber/kernel';
import { PROFILES } from '@cloudchamber/virtual-device';
import { ContentType } from '@cloudchamber/wire';
import { beforeAll, describe, expect, it } from 'vitest';
import { DeviceSite, SERVER, type SiteDevice } from './device-site.ts';

const TO_SERVER = `${SERVER.address}:${SERVER.port}`;
/** How often each is sent, from one address. */
const TIMES = 50;

// Offsets in a ClientHello: record header 13, handshake header 12, version 2, random 32, session id length.
const MESSAGE_SEQ = 17;
const RANDOM = 27;
const SESSION_ID = 59;

describe('what somebody without a cookie can draw from the server', () => {
  const site = new DeviceSite();
  const entropy = seededEntropy(7);
  const traffic: Buffer[] = [];
  let withCid: SiteDevice;
  let withoutCid: SiteDevice;
  let attackers = 0;

  beforeAll(async () => {
    site.network.intercept = (bytes, _from, to) => {
      if (to === TO_SERVER) traffic.push(Buffer.from(bytes));
      return 'pass';
    };
    withCid = await site.connected();
    withoutCid = await site.connected({ profile: PROFILES.get('device-os-1.5') });
  });

  /** Bytes that the server was sent, and sent, to an address of its own for each attempt. */
  async function exchange(datagram: Uint8Array): Promise<{ bytesIn: number; bytesOut: number }> {
    attackers += 1;
    const from = { address: `198.51.100.${attackers}`, port: 5000 };
    let bytesIn = 0;
    let bytesOut = 0;
    site.network.intercept = (bytes, _from, to) => {
      if (to.startsWith(`${from.address}:`)) bytesOut += bytes.length;
      return 'pass';
    };
    for (let sent = 0; sent < TIMES; sent++) {
      bytesIn += datagram.length;
      site.network.inject(datagram, from, TO_SERVER);
      await site.clock.elapse(5);
    }
    await site.clock.elapse(60_000);
    site.network.intercept = () => 'pass';
    return { bytesIn, bytesOut };
  }

  const helloAt = (position: number): Buffer => {
    const hellos = traffic.filter((bytes) => bytes[0] === ContentType.HANDSHAKE && bytes[13] === 1);
    return Buffer.from(hellos[position] ?? '');
  };
  const record = (type: number): Buffer => {
    const found = traffic.findLast((bytes) => bytes[0] === type);
    if (found === undefined) throw new Error(`no record of type ${type}`);
    return Buffer.from(found);
  };
  const changed = (bytes: Buffer, change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(bytes);
    change(copy);
    return copy;
  };
  /** A ClientHello in which `length` zeros follow an offset, with all lengths around it set right. */
  const grown = (hello: Buffer, at: number, insert: Buffer): Buffer => {
    const bytes = Buffer.concat([hello.subarray(0, at), insert, hello.subarray(at)]);
    bytes.writeUInt16BE(bytes.length - 13, 11);
    bytes.writeUIntBE(bytes.length - 25, 14, 3);
    bytes.writeUIntBE(bytes.length - 25, 22, 3);
    return bytes;
  };

  it.each([
    ['a first ClientHello', () => helloAt(0)],
    ['one with the cookie of another address', () => helloAt(1)],
    ['one with a made-up cookie', () => changed(helloAt(1), (hello) => entropy.bytes(32).copy(hello, 61))],
    [
      'one with a made-up cookie of 255 bytes',
      () => changed(grown(helloAt(0), 61, entropy.bytes(255)), (h) => h.writeUInt8(255, 60)),
    ],
    [
      'one that resumes by session id',
      () => changed(grown(helloAt(0), SESSION_ID + 1, entropy.bytes(32)), (h) => h.writeUInt8(32, SESSION_ID)),
    ],
    [
      'one that repeats itself with other randoms',
      () => changed(helloAt(0), (hello) => entropy.bytes(32).copy(hello, RANDOM)),
    ],
  ])('%s: a request to show its cookie, no longer than what came', async (_name, make) => {
    const { bytesIn, bytesOut } = await exchange(make());
    expect(bytesOut).toBeGreaterThan(0);
    expect(bytesOut).toBeLessThanOrEqual(bytesIn);
    expect(site.gateway.gauges().handshakes).toBe(0);
  });

  it.each([
    ['a ClientHello shorter than the answer', () => helloAt(0).subarray(0, 58)],
    ['a fragment of a ClientHello', () => changed(helloAt(0).subarray(0, 60), (hello) => hello.writeUInt16BE(47, 11))],
    ['a ClientHello of DTLS 1.0', () => changed(helloAt(0), (hello) => hello.writeUInt16BE(0xfeff, 1))],
    [
      'a ClientHello with a late message number',
      () => changed(helloAt(0), (hello) => hello.writeUInt16BE(99, MESSAGE_SEQ)),
    ],
    [
      'a device flight',
      () => traffic.find((bytes) => bytes[0] === ContentType.HANDSHAKE && bytes[13] === 11) ?? Buffer.alloc(0),
    ],
    ['a record of a known connection', () => record(ContentType.CONNECTION_ID)],
    [
      'a record of an unknown connection',
      () => changed(record(ContentType.CONNECTION_ID), (bytes) => bytes.fill(9, 11, 19)),
    ],
    [
      'a resumed record of an unknown connection',
      () => changed(record(ContentType.CONNECTION_ID), (bytes) => bytes.fill(9, 11, 19).writeUInt8(253)),
    ],
    [
      'a forged resumed record of a known connection',
      () => changed(record(ContentType.CONNECTION_ID), (bytes) => bytes.fill(0xff, 8, 11).writeUInt8(253)),
    ],
    ['a record of a device without connection id', () => record(ContentType.APPLICATION_DATA)],
    ['its record marked as moved', () => moved(withoutCid.device.deviceId)],
    ['a moved record of an unknown device', () => moved('00'.repeat(12))],
    ['a moved record of a device with connection id', () => moved(withCid.device.deviceId)],
    ['a fatal alert in the clear', () => Buffer.from('15fefd0000000000000001000202 28'.replaceAll(' ', ''), 'hex')],
    ['a change_cipher_spec', () => Buffer.from('14fefd0000000000000001000101', 'hex')],
    ['a HelloVerifyRequest', () => changed(helloAt(0), (hello) => hello.writeUInt8(3, 13))],
    ['a ServerHello', () => changed(helloAt(0), (hello) => hello.writeUInt8(2, 13))],
    ['nothing', () => Buffer.alloc(0)],
    ['one byte', () => Buffer.alloc(1)],
    ['noise', () => entropy.bytes(400)],
  ])('%s: nothing', async (_name, make) => {
    expect(await exchange(make())).toMatchObject({ bytesOut: 0 });
    expect(site.gateway.gauges()).toMatchObject({ sessions: 2, handshakes: 0 });
  });

  it('none of it has disturbed the devices', async () => {
    for (const { device } of [withCid, withoutCid]) {
      expect(device.stats).toMatchObject({ handshakes: 1, resumes: 0, disconnects: 0 });
      const called = site.gateway.commands.callFunction(device.deviceId, 'echo', 'abc');
      await site.clock.elapse(20);
      expect(await called).toBe(3);
    }
    expect(site.gateway.counters.get('faults', 'datagram')).toBe(0);
  });

  function moved(deviceId: string): Buffer {
    const sealed = record(ContentType.APPLICATION_DATA);
    sealed[0] = ContentType.MOVED_DEVICE_ID;
    return Buffer.concat([sealed, Buffer.from(deviceId, 'hex'), Buffer.of(12)]);
  }
});
