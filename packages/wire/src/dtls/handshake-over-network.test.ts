import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateP256 } from '../crypto/p256.ts';
import { parseRecords } from './record.ts';
import {
  deviceIdentity,
  faultless,
  HandshakePair,
  type Network,
  type Side,
  serverIdentity,
} from './testing/handshake-pair.ts';
import { refragment, splitRecords } from './testing/refragment.ts';

const message = Buffer.from('after the handshake');

/** Both ends have a session, the same one, with the right peer; and nobody ever used a nonce twice. */
function expectEstablished(pair: HandshakePair): void {
  const { client, server } = pair.sessions;
  expect(pair.failures).toEqual({});
  if (client === undefined || server === undefined) throw new Error('a side has no session');
  expect(Buffer.from(server.peerSpki)).toEqual(Buffer.from(deviceIdentity.spki));
  expect(Buffer.from(client.peerSpki)).toEqual(Buffer.from(serverIdentity.spki));
  const up = client.seal(23, message);
  expect(server.open(up, parseRecords(up)[0]!).plaintext).toEqual(message);
  const down = server.seal(23, message);
  expect(client.open(down, parseRecords(down)[0]!).plaintext).toEqual(message);
  expectFreshSequences(pair);
}

function expectFreshSequences(pair: HandshakePair): void {
  const used = new Set<string>();
  for (const { from, datagram } of pair.sent) {
    for (const { epoch, sequence } of parseRecords(datagram)) {
      const id = `${from} ${epoch} ${sequence}`;
      expect(used).not.toContain(id);
      // A stateless answer repeats the number of the hello it answers (RFC 6347 section 4.2.1).
      if (epoch === 1) used.add(id);
    }
  }
}

/** A fault for one datagram, by who sends it and the how manieth it is. */
function once(side: Side, index: number, fault: Network): Network {
  return (from, at, datagram) => (from === side && at === index ? fault : faultless)(from, at, datagram);
}

const lost: Network = () => [];
const twice: Network = (_from, _index, datagram) => [20, 40].map((delayMs) => ({ datagram, delayMs }));
const late: Network = (_from, _index, datagram) => [{ datagram, delayMs: 5000 }];
const reversed: Network = (_from, _index, datagram) =>
  splitRecords(datagram)
    .reverse()
    .map((record, at) => ({ datagram: record, delayMs: 20 + at }));

const flights: [Side, number, string][] = [
  ['client', 0, 'ClientHello'],
  ['server', 0, 'HelloVerifyRequest'],
  ['client', 1, 'ClientHello with cookie'],
  ['server', 1, 'server flight'],
  ['client', 2, 'client flight'],
  ['server', 2, 'server Finished'],
];

describe.each([true, false])('our client and our server, connection ids %s', (offerCid) => {
  it('agree in three round trips, in datagrams of the known sizes', () => {
    const pair = new HandshakePair({ offerCid }).run();
    expect(pair.sent.map(({ from }) => from)).toEqual(['client', 'server', 'client', 'server', 'client', 'server']);
    expect(pair.sessions.server?.cid).toHaveLength(offerCid ? 8 : 0);
    expect(pair.sessions.server?.exportSecrets()).toMatchObject({ readTop: 0, writeSequence: 1 });
    expect(pair.sessions.client?.exportSecrets()).toMatchObject({ readTop: 0, writeSequence: 1 });
    expectEstablished(pair);
    const sizes = pair.sent.map(({ datagram }) => datagram.length);
    expect(sizes[0]).toBe(offerCid ? 116 : 111);
    expect(sizes[1]).toBe(60);
    expect(sizes[5]).toBe(67);
  });

  it.each(flights)('agree though datagram %s %i (%s) is lost', (side, index) => {
    expectEstablished(new HandshakePair({ offerCid, network: once(side, index, lost) }).run());
  });

  it.each(flights)('agree though datagram %s %i (%s) comes twice', (side, index) => {
    expectEstablished(new HandshakePair({ offerCid, network: once(side, index, twice) }).run());
  });

  it.each(flights)('agree though datagram %s %i (%s) comes late', (side, index) => {
    expectEstablished(new HandshakePair({ offerCid, network: once(side, index, late) }).run());
  });

  it('agree when every record travels alone and they arrive back to front', () => {
    const pair = new HandshakePair({ offerCid, network: reversed }).run();
    expectEstablished(pair);
    expect(pair.now).toBeLessThan(60_000);
  });

  it.each([1, 7, 48, 64, 200])('agree in fragments of %i bytes', (size) => {
    const network: Network = (_from, _index, datagram) => {
      // A fragmented ClientHello would need state before the cookie and is dropped.
      const pieces = datagram[13] === 1 ? [datagram] : refragment(datagram, size);
      return pieces.map((piece, at) => ({ datagram: piece, delayMs: 20 + at }));
    };
    const pair = new HandshakePair({ offerCid, network }).run();
    expectEstablished(pair);
    expect(pair.sent).toHaveLength(6);
  });

  it('agree in fragments that overlap, come twice and in any order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 100 }),
        fc.integer({ min: 20, max: 100 }),
        fc.nat(),
        (first, second, seed) => {
          const network: Network = (_from, _index, datagram) => {
            const pieces =
              datagram[13] === 1 ? [datagram] : [...refragment(datagram, first), ...refragment(datagram, second)];
            return pieces.map((piece, at) => ({ datagram: piece, delayMs: 20 + (((at + 1) * (seed + 7)) % 31) }));
          };
          expectEstablished(new HandshakePair({ offerCid, network }).run());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('agree on any network that gets better within 20 s', () => {
    const fate = fc.constantFrom('lost', 'twice', 'late', 'fine');
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 12 }), fc.array(fate, { maxLength: 12 }), (up, down) => {
        let pair: HandshakePair | undefined;
        const network: Network = (from, index, datagram) => {
          const next = (from === 'client' ? up : down)[index];
          const better = (pair?.now ?? 0) > 20_000;
          const faults = { lost, twice, late, fine: faultless };
          return faults[better ? 'fine' : (next ?? 'fine')](from, index, datagram);
        };
        pair = new HandshakePair({ offerCid, network });
        pair.run();
        expectFreshSequences(pair);
        // A server that is done may leave a client behind that never heard so; all others agree.
        if (pair.sessions.client !== undefined) expectEstablished(pair);
        else expect(pair.failures.client).toBe('timed_out');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a handshake that cannot succeed', () => {
  it('ends after 45 s of silence, the device having waited 3, 6, 12 and 24 s', () => {
    const times: number[] = [];
    const pair = new HandshakePair({
      network: () => {
        times.push(pair.now);
        return [];
      },
    });
    pair.run();
    expect(times).toEqual([0, 3000, 9000, 21_000]);
    expect(pair.now).toBe(45_000);
    expect(pair.failures).toEqual({ client: 'timed_out' });
  });

  it('ends at the server too, after a bounded number of datagrams', () => {
    const network: Network = (from, index, datagram) =>
      from === 'client' && index >= 2 ? [] : from === 'server' && index >= 1 ? [] : faultless(from, index, datagram);
    const pair = new HandshakePair({ network }).run();
    expect(pair.failures).toEqual({ client: 'timed_out', server: 'timed_out' });
    expect(pair.sent.filter(({ from }) => from === 'server')).toHaveLength(1 + 5);
  });

  it('ends with an alert when the device has another server key, and says so to both', () => {
    const pair = new HandshakePair({ expectedServerSpki: generateP256().spki }).run();
    expect(pair.failures).toEqual({ client: 'bad_signature', server: 'refused_by_peer' });
    expect(pair.sessions).toEqual({});
    const last = pair.sent.at(-1);
    expect(last?.from).toBe('client');
    expect(last?.datagram.subarray(13).toString('hex')).toBe('0233');
  });
});
