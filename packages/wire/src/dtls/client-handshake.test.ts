import { describe, expect, it } from 'vitest';
import { generateP256 } from '../crypto/p256.ts';
import { encodeCertificate } from './handshake/certificate.ts';
import { decodeClientHello } from './handshake/client-hello.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import { ContentType } from './record.ts';
import { ScriptedServer } from './testing/scripted-server.ts';

const device = generateP256();
const { CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE, SERVER_HELLO } = HandshakeType;

/** A server whose flight has been answered. */
function halfway(): ScriptedServer {
  const server = new ScriptedServer(device);
  server.sendMessages(server.properFlight());
  return server;
}

function lastAlert(server: ScriptedServer): string | undefined {
  const last = server.received.at(-1);
  return last?.[0] === ContentType.ALERT ? last.subarray(13).toString('hex') : undefined;
}

it('does without a cookie', () => {
  const server = halfway();
  expect(server.lastMessages.map(({ type }) => type)).toEqual([CERTIFICATE, CLIENT_KEY_EXCHANGE, CERTIFICATE_VERIFY]);
  const { session, finished, changeCipher } = server.ending();
  server.send(Buffer.concat([changeCipher, session.seal(22, finished)]));
  expect(server.established?.exportSecrets().clientKey).toEqual(session.exportSecrets().clientKey);
  expect(server.client.done).toBe(true);
});

it('brings back each cookie, but not for ever', () => {
  const server = new ScriptedServer(device);
  for (const length of [32, 0, 255]) {
    server.requestCookie(Buffer.alloc(length, 5));
    expect(decodeClientHello(server.lastMessages[0]!.body).cookie).toHaveLength(length);
  }
  server.requestCookie(Buffer.alloc(32));
  expect(server.failure).toBe('unexpected_message');
});

it('sends neither key nor proof to a server that does not ask (protocol section 1.2)', () => {
  const server = new ScriptedServer(device);
  server.sendMessages(server.properFlight().filter(({ type }) => type !== CERTIFICATE_REQUEST));
  expect(server.lastMessages.map(({ type }) => type)).toEqual([CLIENT_KEY_EXCHANGE]);
});

describe('a server flight that a device refuses', () => {
  it('has a Certificate: alert unexpected_message', () => {
    const server = new ScriptedServer(device);
    const [hello, ...others] = server.properFlight();
    server.sendMessages([hello!, { type: CERTIFICATE, body: encodeCertificate(device.spki) }, ...others]);
    expect(server.failure).toBe('unexpected_message');
    expect(lastAlert(server)).toBe('020a');
  });

  it('has its messages in another order, or one missing or twice', () => {
    for (const order of [[1, 0, 2, 3], [0, 2, 1, 3], [0, 3], [3], [0, 0, 1, 2, 3], [0, 1, 1, 2, 3], [0, 1, 2, 2, 3]]) {
      const server = new ScriptedServer(device);
      const flight = server.properFlight();
      server.sendMessages(order.map((at) => flight[at]!));
      expect(server.failure, order.join()).toBe('unexpected_message');
    }
  });

  it('is not signed by the server, at any bit of its signature', () => {
    const server = new ScriptedServer(device);
    const flight = server.properFlight();
    const bent = Buffer.from(flight[1]!.body);
    bent[bent.length - 1]! ^= 1;
    server.sendMessages([flight[0]!, { ...flight[1]!, body: bent }, ...flight.slice(2)]);
    expect(server.failure).toBe('bad_signature');
    expect(lastAlert(server)).toBe('0233');
  });

  it('has other parameters: suite, compression, no raw keys', () => {
    const hexOf = (body: Uint8Array): string => Buffer.from(body).toString('hex');
    const changes: [string, string][] = [
      ['c0ae00', 'c0ac00'],
      ['c0ae00', 'c0ae01'],
      ['0013000102', '0013000100'],
      ['0014000102', '0014000100'],
      ['0014000102', '0015000102'],
    ];
    for (const [from, to] of changes) {
      const server = new ScriptedServer(device);
      const flight = server.properFlight();
      const body = Buffer.from(hexOf(flight[0]!.body).replace(from, to), 'hex');
      server.sendMessages([{ type: SERVER_HELLO, body }, ...flight.slice(1)]);
      expect(server.failure, `${from} to ${to}`).toBe('bad_parameters');
    }
  });

  it('has no connection id of exactly 8 bytes, or one that was not asked for (protocol section 1.3)', () => {
    const cases = [
      { cid: new Uint8Array(0) },
      { cid: new Uint8Array(7) },
      { cid: new Uint8Array(9) },
      { offerCid: false },
    ];
    for (const options of cases) {
      const server = new ScriptedServer(device, options);
      server.sendMessages(server.properFlight());
      expect(server.failure).toBe('bad_connection_id');
    }
  });

  it('does not decode', () => {
    for (const at of [0, 1, 2]) {
      const server = new ScriptedServer(device);
      const flight = server
        .properFlight()
        .map((message, index) => (index === at ? { ...message, body: message.body.subarray(1) } : message));
      server.sendMessages(flight);
      expect(server.failure).toBe('malformed_message');
    }
  });
});

describe("the server's Finished", () => {
  it('must fit', () => {
    const server = halfway();
    const { session, finished, changeCipher } = server.ending();
    finished[20]! ^= 1;
    server.send(Buffer.concat([changeCipher, session.seal(22, finished)]));
    expect(server.failure).toBe('bad_finished');
    expect(server.established).toBeUndefined();
  });

  it('must follow a change_cipher_spec, whenever that comes', () => {
    const server = halfway();
    const { session, finished, changeCipher } = server.ending();
    server.send(session.seal(22, finished));
    expect(server.established).toBeUndefined();
    server.send(changeCipher);
    expect(server.established).toBeDefined();
  });

  it('must be protected', () => {
    const server = halfway();
    const { finished, changeCipher } = server.ending();
    server.send(changeCipher);
    server.sendClear(ContentType.HANDSHAKE, finished);
    expect(server.established).toBeUndefined();
    expect(server.failure).toBeUndefined();
  });

  it('may be replaced by an alert', () => {
    const server = halfway();
    const { session, changeCipher } = server.ending();
    server.send(Buffer.concat([changeCipher, session.seal(21, Buffer.of(2, 51))]));
    expect(server.failure).toBe('refused_by_peer');
  });
});

it('ends at a fatal alert in the clear, as devices do, and ignores warnings and rubbish', () => {
  const server = new ScriptedServer(device);
  for (const rubbish of [Buffer.of(1, 0), Buffer.of(3, 0), Buffer.of(2), Buffer.alloc(0)]) {
    server.sendClear(ContentType.ALERT, rubbish);
    expect(server.failure).toBeUndefined();
  }
  server.sendClear(ContentType.ALERT, Buffer.of(2, 40));
  expect(server.failure).toBe('refused_by_peer');
});
