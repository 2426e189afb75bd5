import { describe, expect, it } from 'vitest';
import { dtlsHandshake as recorded } from '../../vectors/dtls-handshake.ts';
import { ephemeralFromScalar } from '../crypto/ephemeral.ts';
import { type PrivateKeyP256, p256FromScalar, verifyP256 } from '../crypto/p256.ts';
import { parseSpki } from '../crypto/spki.ts';
import { ClientHandshake } from './client-handshake.ts';
import { decodeCertificateVerify } from './handshake/certificate-verify.ts';
import { decodeClientHello } from './handshake/client-hello.ts';
import { decodeClientKeyExchange } from './handshake/client-key-exchange.ts';
import { decodeFragments } from './handshake/fragment.ts';
import { decodeServerHello } from './handshake/server-hello.ts';
import { decodeServerKeyExchange } from './handshake/server-key-exchange.ts';
import type { HandshakeOutput } from './handshake-output.ts';
import { readClientHello } from './hello-verify.ts';
import { keyBlock, masterSecret } from './key-schedule.ts';
import { parseRecords } from './record.ts';
import type { RecordSession, SessionSecrets } from './record-session.ts';
import { ServerHandshake } from './server-handshake.ts';
import { type GeneratedFlight, generateServerFlight } from './server-hello-flight.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** The handshake messages in the clear of a recorded datagram, by their type. */
function bodies(datagram: Buffer): Map<number, Uint8Array> {
  const clear = parseRecords(datagram).filter((record) => record.epoch === 0 && record.type === 22);
  const fragments = clear.flatMap((record) => decodeFragments(datagram.subarray(record.fragmentStart, record.end)));
  return new Map(fragments.map((fragment) => [fragment.type, fragment.body]));
}

const serverBodies = bodies(hex(recorded.serverFlight));
const deviceBodies = bodies(hex(recorded.deviceFlight));
const clientRandom = decodeClientHello(bodies(hex(recorded.clientHello)).get(1)!).random;
const serverRandom = decodeServerHello(serverBodies.get(2)!).random;
const exchange = decodeServerKeyExchange(serverBodies.get(12)!);

/** A key whose next signature is the recorded one, which must be good for what is to be signed now. */
function signingAsRecorded(scalar: string, signature: Uint8Array): PrivateKeyP256 {
  const key = p256FromScalar(hex(scalar));
  const sign = (data: Uint8Array): Uint8Array => {
    expect(verifyP256(parseSpki(key.spki), data, signature)).toBe(true);
    return signature;
  };
  return { spki: key.spki, pem: key.pem, sign };
}

const fixedEntropy = (bytes: Uint8Array) => ({ bytes: () => Buffer.from(bytes), fraction: () => 0 });

function sent(outputs: readonly HandshakeOutput[]): string[] {
  return outputs.flatMap((output) => (output.kind === 'send' ? [output.datagram.toString('hex')] : []));
}

function established(outputs: readonly HandshakeOutput[]): RecordSession {
  const output = outputs.find((candidate) => candidate.kind === 'established');
  if (output?.kind !== 'established') throw new Error('not established');
  return output.session;
}

/** The recorded server gave a session id and named RSA in its request; ours does neither. */
function recordedFlight(): GeneratedFlight {
  return { messages: [...serverBodies].map(([type, body]) => ({ type, body })), random: serverRandom };
}

function runServer(): RecordSession {
  const hello = readClientHello(hex(recorded.clientHelloWithCookie));
  if (typeof hello === 'string') throw new Error(hello);
  const server = new ServerHandshake(
    hello,
    {
      identity: p256FromScalar(hex(recorded.serverScalar)),
      cid: hex(recorded.cid),
      entropy: fixedEntropy(serverRandom),
      ephemeral: ephemeralFromScalar(hex(recorded.serverEphemeralScalar)),
      generateFlight: recordedFlight,
    },
    0,
  );
  expect(sent(server.start())).toEqual([recorded.serverFlight]);
  const outputs = server.receive(hex(recorded.deviceFlight), 1);
  expect(sent(outputs)).toEqual([recorded.serverFinished]);
  return established(outputs);
}

function runClient(): RecordSession {
  const client = new ClientHandshake(
    {
      identity: signingAsRecorded(recorded.deviceScalar, decodeCertificateVerify(deviceBodies.get(15)!)),
      serverSpki: hex(recorded.serverSpki),
      entropy: fixedEntropy(clientRandom),
      offerCid: true,
      // The device's private half was not recorded; its point and the outcome were.
      ephemeral: { point: decodeClientKeyExchange(deviceBodies.get(16)!), agree: () => hex(recorded.preMaster) },
    },
    0,
  );
  expect(sent(client.start())).toEqual([recorded.clientHello]);
  expect(sent(client.receive(hex(recorded.helloVerifyRequest), 1))).toEqual([recorded.clientHelloWithCookie]);
  expect(sent(client.receive(hex(recorded.serverFlight), 2))).toEqual([recorded.deviceFlight]);
  return established(client.receive(hex(recorded.serverFinished), 3));
}

function concatKeys({
  clientKey,
  serverKey,
  clientIv,
  serverIv,
}: Omit<SessionSecrets, 'cid'> | ReturnType<typeof keyBlock>): string {
  return Buffer.concat([clientKey, serverKey, clientIv, serverIv]).toString('hex');
}

describe('the recorded handshake (protocol appendix A)', () => {
  it('gives its pre-master secret, master secret and key block', () => {
    const half = ephemeralFromScalar(hex(recorded.serverEphemeralScalar));
    expect(Buffer.from(half.point)).toEqual(Buffer.from(exchange.point));
    const preMaster = half.agree(decodeClientKeyExchange(deviceBodies.get(16)!));
    expect(Buffer.from(preMaster).toString('hex')).toBe(recorded.preMaster);
    const master = masterSecret(preMaster, clientRandom, serverRandom);
    expect(master.toString('hex')).toBe(recorded.master);
    expect(concatKeys(keyBlock(master, clientRandom, serverRandom))).toBe(recorded.keyBlock);
  });

  it('is what our server would say, but for a session id and RSA', () => {
    const cid = hex(recorded.cid);
    const { messages } = generateServerFlight({
      identity: signingAsRecorded(recorded.serverScalar, exchange.signature),
      cid,
      entropy: fixedEntropy(serverRandom),
      ephemeral: ephemeralFromScalar(hex(recorded.serverEphemeralScalar)),
      clientRandom,
      offer: { connectionId: true, pointFormats: true, renegotiationInfo: true },
    });
    expect(messages.map(({ type }) => type)).toEqual([...serverBodies.keys()]);
    const hello = decodeServerHello(messages[0]!.body);
    expect({ ...hello, sessionId: null }).toEqual({ ...decodeServerHello(serverBodies.get(2)!), sessionId: null });
    expect(Buffer.from(messages[1]!.body)).toEqual(Buffer.from(serverBodies.get(12)!));
    expect(Buffer.from(messages[2]!.body).toString('hex')).toBe('0140000204030000');
    expect(messages[3]!.body).toHaveLength(0);
  });

  it('is what our server sends, byte for byte, and ends in its keys', () => {
    const secrets = runServer().exportSecrets();
    expect(concatKeys(secrets)).toBe(recorded.keyBlock);
    expect(Buffer.from(secrets.cid).toString('hex')).toBe(recorded.cid);
    expect(Buffer.from(secrets.peerSpki).toString('hex')).toBe(recorded.deviceSpki);
    expect(secrets).toMatchObject({ readTop: 0, readWindow: [0, 1], writeSequence: 1 });
  });

  it('is what our client sends, byte for byte, and ends in its keys', () => {
    const secrets = runClient().exportSecrets();
    expect(concatKeys(secrets)).toBe(recorded.keyBlock);
    expect(Buffer.from(secrets.cid).toString('hex')).toBe(recorded.cid);
    expect(Buffer.from(secrets.peerSpki).toString('hex')).toBe(recorded.serverSpki);
    expect(secrets).toMatchObject({ readTop: 0, readWindow: [0, 1], writeSequence: 1 });
  });

  it('is followed by records that open, and that sealing makes again', () => {
    const ends = { device: runClient(), server: runServer() };
    for (const { from, what, type, plaintext, datagram } of recorded.records) {
      const receiver = from === 'device' ? ends.server : ends.device;
      const bytes = hex(datagram);
      const opened = receiver.open(bytes, parseRecords(bytes)[0]!);
      expect({ type: opened.type, plaintext: Buffer.from(opened.plaintext).toString('hex') }, what).toEqual({
        type,
        plaintext,
      });
      expect(ends[from].seal(type, hex(plaintext)).toString('hex'), what).toBe(datagram);
    }
  });
});
