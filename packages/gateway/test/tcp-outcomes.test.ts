import { seconds, seededEntropy } from '@cloudchamber/kernel';
import { RawTcpDevice } from '@cloudchamber/testkit';
import { emptyCon, generateRsa } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { DEVICE, DEVICE_KEY, SERVER_KEY, TcpSite } from './tcp-site.ts';

const common = { transport: 'tcp', address: '10.0.0.2', port: 50_000 } as const;
const offered = { deviceId: DEVICE, publicKey: DEVICE_KEY.spki };

describe('what the cloud is told of connections over TCP', () => {
  it('a device that is admitted, with its key', async () => {
    const site = new TcpSite();
    await site.connected();
    expect(site.ports.outcomes).toEqual([
      { ...common, stage: 'admitted', ...offered, keyProved: true, at: expect.any(Number) },
    ]);
  });

  it.each([
    ['unknown_device', (site: TcpSite) => site.ports.keys.clear()],
    ['key_mismatch', (site: TcpSite) => site.ports.keys.set(DEVICE, generateRsa(1024).spki)],
    ['denied', refuseWith('denied')],
    ['unavailable', refuseWith('unavailable')],
  ] as const)('%s, with the key to approve', async (reason, prepare) => {
    const site = new TcpSite();
    const device = site.device();
    await site.clock.elapse(10);
    prepare(site);
    device.hello();
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toEqual([
      { ...common, stage: 'hello', reason, ...offered, keyProved: true, at: expect.any(Number) },
    ]);
  });

  it('no_key_registered of a device that does not show its key', async () => {
    const site = new TcpSite();
    site.device({ sendKey: false, registered: false });
    await site.clock.elapse(10);
    const told = { ...common, stage: 'offer', reason: 'no_key_registered', deviceId: DEVICE, keyProved: false };
    expect(site.ports.outcomes).toEqual([{ ...told, at: expect.any(Number) }]);
  });

  it('unavailable when its key can not be looked up', async () => {
    const site = new TcpSite();
    site.ports.publicKeyOf = async () => {
      throw new Error('the store is gone');
    };
    site.device({ sendKey: false });
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([{ ...common, stage: 'offer', reason: 'unavailable', deviceId: DEVICE }]);
  });

  it('wrong_server_key when the answer is for another key than ours', async () => {
    const site = new TcpSite();
    const stream = site.streams.connect('10.0.0.2');
    const serverSpki = generateRsa(2048).spki;
    new RawTcpDevice({ deviceId: DEVICE, stream, identity: DEVICE_KEY, serverSpki, entropy: seededEntropy(4) });
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toEqual([
      { ...common, stage: 'offer', reason: 'wrong_server_key', keyProved: false, at: expect.any(Number) },
    ]);
  });

  it('bad_key when the key that is registered is none for this transport', async () => {
    const site = new TcpSite();
    site.ports.keys.set(DEVICE, SERVER_KEY.spki);
    site.device({ sendKey: false, registered: false });
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([{ ...common, stage: 'offer', reason: 'bad_key', deviceId: DEVICE }]);
  });

  it('bad_message when more comes than an answer', async () => {
    const site = new TcpSite();
    site.streams.connect('10.0.0.2').write(Buffer.alloc(300));
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([{ ...common, stage: 'offer', reason: 'bad_message' }]);
  });

  it('timed_out when nothing comes, closed when the peer goes', async () => {
    const site = new TcpSite();
    site.streams.connect('10.0.0.2');
    await site.clock.elapse(seconds(31));
    const going = site.streams.connect('10.0.0.2');
    await site.clock.elapse(10);
    going.destroy();
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([
      { ...common, stage: 'nonce', reason: 'timed_out' },
      { ...common, port: 50_001, stage: 'nonce', reason: 'closed' },
    ]);
  });

  it('no_hello and closed after the handshake, when the key is not proved yet', async () => {
    const site = new TcpSite();
    site.device();
    await site.clock.elapse(seconds(11));
    const going = site.device();
    await site.clock.elapse(10);
    going.stream.destroy();
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([
      { ...common, stage: 'secured', reason: 'no_hello', deviceId: DEVICE, keyProved: false },
      { ...common, port: 50_001, stage: 'secured', reason: 'closed', deviceId: DEVICE, keyProved: false },
    ]);
  });

  it('unreadable when what follows the handshake makes no sense: the device does not own that key', async () => {
    const site = new TcpSite();
    const garbage = site.device();
    await site.clock.elapse(10);
    garbage.stream.write(Buffer.from('0010ffffffffffffffffffffffffffffffff', 'hex'));
    const skipping = site.device();
    await site.clock.elapse(10);
    skipping.send(emptyCon((skipping.nextId() + 7) & 0xffff));
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([
      { ...common, stage: 'secured', reason: 'unreadable', deviceId: DEVICE, keyProved: false },
      { ...common, port: 50_001, stage: 'secured', reason: 'unreadable', deviceId: DEVICE, keyProved: false },
    ]);
  });

  it('too_many when there is no room', async () => {
    const site = new TcpSite({ maxTcpUnauthenticated: 0 });
    site.streams.connect('10.0.0.2');
    await site.clock.elapse(10);
    expect(site.ports.outcomes).toMatchObject([{ ...common, stage: 'nonce', reason: 'too_many' }]);
  });

  it('nothing of a session that ends later, and nothing when the server stops', async () => {
    const site = new TcpSite();
    const device = await site.connected();
    device.stream.destroy();
    await site.clock.elapse(10);
    site.streams.connect('10.0.0.2');
    site.device();
    await site.clock.elapse(10);
    await site.gateway.stop();
    await site.clock.elapse(10);
    expect(site.ports.outcomes.map(({ stage }) => stage)).toEqual(['admitted']);
  });
});

function refuseWith(reason: 'denied' | 'unavailable') {
  return (site: TcpSite) => {
    site.ports.authenticate = async () => ({ admitted: false, reason });
  };
}
