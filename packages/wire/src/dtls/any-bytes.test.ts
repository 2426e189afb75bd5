import { seededEntropy } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dtlsHandshake as recorded } from '../../vectors/dtls-handshake.ts';
import { p256FromScalar } from '../crypto/p256.ts';
import { WireError } from '../wire-error.ts';
import { decodeAlert } from './alert.ts';
import { ClientHandshake } from './client-handshake.ts';
import { CookieJar } from './cookie-jar.ts';
import { decodeCertificate, encodeCertificate } from './handshake/certificate.ts';
import { decodeCertificateRequest } from './handshake/certificate-request.ts';
import { decodeCertificateVerify, encodeCertificateVerify } from './handshake/certificate-verify.ts';
import { decodeClientHello, encodeClientHello } from './handshake/client-hello.ts';
import { decodeClientKeyExchange, encodeClientKeyExchange } from './handshake/client-key-exchange.ts';
import { decodeFragments, encodeFragment } from './handshake/fragment.ts';
import { decodeHelloVerifyRequest, encodeHelloVerifyRequest } from './handshake/hello-verify-request.ts';
import { decodeServerHello, encodeServerHello } from './handshake/server-hello.ts';
import { decodeServerKeyExchange, encodeServerKeyExchange } from './handshake/server-key-exchange.ts';
import { answerFirstFlight, readClientHello } from './hello-verify.ts';
import { parseRecords } from './record.ts';
import { ServerHandshake } from './server-handshake.ts';
import { sampleSessions } from './testing/sample-session.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const flights = [
  recorded.clientHello,
  recorded.helloVerifyRequest,
  recorded.clientHelloWithCookie,
  recorded.serverFlight,
  recorded.deviceFlight,
  recorded.serverFinished,
  recorded.records[0].datagram,
].map(hex);

/** Noise, and genuine datagrams with some bytes changed, something cut off or added. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc
    .record({
      base: fc.constantFrom(...flights),
      changes: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
      from: fc.nat(40),
      cut: fc.nat(40),
      tail: fc.uint8Array({ maxLength: 8 }),
      whole: fc.boolean(),
    })
    .map(({ base, changes, from, cut, tail, whole }) => {
      const bytes = Buffer.from(base);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return whole ? bytes : Buffer.concat([bytes.subarray(from, bytes.length - cut), tail]);
    }),
);

const runs = { numRuns: 2000 };

/** `run` returns or throws a WireError, whatever the bytes. */
function expectOnlyWireErrors(run: (bytes: Uint8Array) => unknown): void {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      try {
        run(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    runs,
  );
}

const decoders: Record<string, (bytes: Uint8Array) => unknown> = {
  parseRecords,
  decodeFragments,
  decodeAlert,
  decodeClientHello,
  decodeHelloVerifyRequest,
  decodeServerHello,
  decodeServerKeyExchange,
  decodeCertificateRequest,
  decodeCertificate,
  decodeClientKeyExchange,
  decodeCertificateVerify,
};

it.each(Object.entries(decoders))('%s returns or throws a WireError', (_name, decode) => {
  expectOnlyWireErrors((bytes) => {
    decode(bytes);
    // Behind the record and handshake headers is where a body begins.
    decode(bytes.subarray(25));
  });
});

it('RecordSession.open returns or throws a WireError, and the window stays', () => {
  const { server, client } = sampleSessions();
  expectOnlyWireErrors((bytes) => {
    for (const record of parseRecords(bytes)) {
      for (const session of [server, client]) {
        expect(() => session.open(bytes, record)).toThrow(WireError);
        expect(session.exportSecrets().readTop).toBe(-1);
      }
    }
  });
});

it('answerFirstFlight never throws and never answers with more than it got', () => {
  const cookies = new CookieJar(seededEntropy(1), 60_000);
  fc.assert(
    fc.property(anyBytes, fc.uint8Array({ maxLength: 18 }), (bytes, peer) => {
      const answer = answerFirstFlight(bytes, peer, cookies, 0);
      expect(answer.kind).not.toBe('accepted');
      if (answer.kind === 'verify') expect(answer.datagram.length).toBeLessThanOrEqual(bytes.length);
    }),
    runs,
  );
});

describe('a handshake', () => {
  const identity = p256FromScalar(hex(recorded.serverScalar));
  const device = p256FromScalar(hex(recorded.deviceScalar));

  it('at the server takes any datagrams without throwing, and sends a bounded amount', () => {
    const hello = readClientHello(hex(recorded.clientHelloWithCookie));
    if (typeof hello === 'string') throw new Error(hello);
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 20 }), (datagrams) => {
        const server = new ServerHandshake(hello, { identity, cid: hex(recorded.cid), entropy: seededEntropy(1) }, 0);
        const outputs = [...server.start(), ...datagrams.flatMap((datagram) => server.receive(datagram, 1))];
        expect(outputs.some(({ kind }) => kind === 'established')).toBe(false);
        expect(outputs.filter(({ kind }) => kind === 'send').length).toBeLessThanOrEqual(1 + 8 + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('at the client takes any datagrams without throwing, and is never established by them', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 20 }), (datagrams) => {
        const options = { identity: device, serverSpki: identity.spki, entropy: seededEntropy(1), offerCid: true };
        const client = new ClientHandshake(options, 0);
        const outputs = [...client.start(), ...datagrams.flatMap((datagram) => client.receive(datagram, 1))];
        expect(outputs.some(({ kind }) => kind === 'established')).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is encoded decodes to the same', () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
  const extensions = fc.uniqueArray(fc.record({ type: fc.nat(65_535), data: fc.uint8Array({ maxLength: 20 }) }), {
    maxLength: 8,
    selector: ({ type }) => type,
  });

  it('ClientHello', () => {
    const hello = fc.record({
      random: bytes(32),
      sessionId: fc.uint8Array({ maxLength: 32 }),
      cookie: fc.uint8Array({ maxLength: 255 }),
      cipherSuites: fc.array(fc.nat(65_535), { maxLength: 10 }),
      compressionMethods: fc.uint8Array({ maxLength: 5 }),
      extensions,
    });
    fc.assert(
      fc.property(hello, (value) => {
        expect(plain(decodeClientHello(encodeClientHello(value)))).toEqual(plain({ version: 0xfefd, ...value }));
      }),
    );
  });

  it('ServerHello', () => {
    const hello = fc.record({
      random: bytes(32),
      sessionId: fc.uint8Array({ maxLength: 32 }),
      cipherSuite: fc.nat(65_535),
      compressionMethod: fc.nat(255),
      extensions,
    });
    fc.assert(
      fc.property(hello, (value) => {
        expect(plain(decodeServerHello(encodeServerHello(value)))).toEqual(plain(value));
      }),
    );
  });

  it('the smaller ones', () => {
    const signature = fc.uint8Array({ maxLength: 72 });
    fc.assert(
      fc.property(bytes(65), bytes(91), signature, fc.uint8Array({ maxLength: 255 }), (point, spki, sig, cookie) => {
        expect(plain(decodeServerKeyExchange(encodeServerKeyExchange({ point, signature: sig })))).toEqual(
          plain({ point, signature: sig }),
        );
        expect(plain(decodeCertificate(encodeCertificate(spki)))).toEqual(plain(spki));
        expect(plain(decodeClientKeyExchange(encodeClientKeyExchange(point)))).toEqual(plain(point));
        expect(plain(decodeCertificateVerify(encodeCertificateVerify(sig)))).toEqual(plain(sig));
        expect(plain(decodeHelloVerifyRequest(encodeHelloVerifyRequest(cookie)))).toEqual(plain(cookie));
        const fragment = { type: 11, length: 400, messageSeq: 65_535, offset: 100, body: cookie };
        expect(plain(decodeFragments(encodeFragment(fragment)))).toEqual(plain([fragment]));
      }),
    );
  });

  /** The value with its bytes as hexadecimal, so that views and copies compare equal. */
  function plain(value: unknown): unknown {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
});
