import { seededEntropy } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { dtlsHandshake } from '../../vectors/dtls-handshake.ts';
import { CookieJar } from './cookie-jar.ts';
import { type ClientHello, decodeClientHello, encodeClientHello } from './handshake/client-hello.ts';
import { ExtensionType } from './handshake/extensions.ts';
import { decodeFragments, encodeFragment, encodeMessage } from './handshake/fragment.ts';
import { decodeHelloVerifyRequest } from './handshake/hello-verify-request.ts';
import { answerFirstFlight, type FirstFlightAnswer, isClientHello } from './hello-verify.ts';
import { parseRecords } from './record.ts';
import { clearRecord, refragment } from './testing/refragment.ts';

const peer = Uint8Array.of(192, 0, 2, 1, 0x10, 0x00);
const first = Buffer.from(dtlsHandshake.clientHello, 'hex');
const firstHello = decodeClientHello(first.subarray(25));

const newJar = (): CookieJar => new CookieJar(seededEntropy(3), 60_000);

function cookieOf(answer: FirstFlightAnswer): Uint8Array {
  if (answer.kind !== 'verify') throw new Error(answer.kind);
  const [fragment] = decodeFragments(answer.datagram.subarray(13));
  return decodeHelloVerifyRequest(fragment!.body);
}

/** A ClientHello as the recorded one with changes, in a datagram. */
function hello(changes: Partial<ClientHello>, messageSeq = 1): Buffer {
  return clearRecord(22, 1, encodeMessage(1, messageSeq, encodeClientHello({ ...firstHello, ...changes })));
}

function withExtension(type: number, data: Uint8Array | undefined): Partial<ClientHello> {
  const others = firstHello.extensions.filter((extension) => extension.type !== type);
  return { extensions: data === undefined ? others : [...others, { type, data }] };
}

function reasonFor(datagram: Uint8Array): string {
  const answer = answerFirstFlight(datagram, peer, newJar(), 0);
  return answer.kind === 'drop' ? answer.reason : answer.kind;
}

describe('the first ClientHello', () => {
  it('is answered with a cookie, in fewer bytes, under its own record number', () => {
    const again = Buffer.from(first);
    again.writeUIntBE(77, 5, 6);
    const answer = answerFirstFlight(again, peer, newJar(), 0);
    expect(cookieOf(answer)).toHaveLength(32);
    if (answer.kind !== 'verify') return;
    expect(answer.datagram).toHaveLength(60);
    expect(parseRecords(answer.datagram)).toMatchObject([{ type: 22, epoch: 0, sequence: 77 }]);
  });
});

describe('a ClientHello with a cookie', () => {
  it('is accepted from the same address, with the same content, while the cookie lives', () => {
    const jar = newJar();
    const cookie = cookieOf(answerFirstFlight(first, peer, jar, 0));
    const answer = answerFirstFlight(hello({ cookie }), peer, jar, 119_999);
    expect(answer.kind).toBe('accepted');
    if (answer.kind !== 'accepted') return;
    expect(answer.hello).toMatchObject({
      messageSeq: 1,
      recordSequence: 1,
      offer: { connectionId: true, pointFormats: true, renegotiationInfo: true },
    });
    expect(Buffer.from(answer.hello.random)).toEqual(Buffer.from(firstHello.random));
  });

  it('keeps nothing of the datagram it came in', () => {
    const jar = newJar();
    const datagram = hello({ cookie: cookieOf(answerFirstFlight(first, peer, jar, 0)) });
    const answer = answerFirstFlight(datagram, peer, jar, 0);
    if (answer.kind !== 'accepted') throw new Error(answer.kind);
    const message = Buffer.from(answer.hello.message);
    datagram.fill(0);
    expect(Buffer.from(answer.hello.message)).toEqual(message);
    expect(Buffer.from(answer.hello.random)).toEqual(Buffer.from(firstHello.random));
  });

  it('is asked again when anything is different', () => {
    const jar = newJar();
    const cookie = cookieOf(answerFirstFlight(first, peer, jar, 0));
    const kind = (datagram: Uint8Array, from = peer, now = 0): string =>
      answerFirstFlight(datagram, from, jar, now).kind;
    expect(kind(hello({ cookie }))).toBe('accepted');
    expect(kind(hello({ cookie }), Uint8Array.of(192, 0, 2, 1, 0x10, 0x01))).toBe('verify');
    expect(kind(hello({ cookie, random: Buffer.alloc(32) }))).toBe('verify');
    expect(kind(hello({ cookie, ...withExtension(ExtensionType.CONNECTION_ID, undefined) }))).toBe('verify');
    expect(kind(hello({ cookie, sessionId: Buffer.alloc(4) }))).toBe('verify');
    expect(kind(hello({ cookie: cookie.subarray(1) }))).toBe('verify');
    expect(kind(hello({ cookie: Buffer.alloc(32) }))).toBe('verify');
    expect(kind(hello({ cookie }), peer, 120_000)).toBe('verify');
  });
});

describe('a ClientHello without common ground is dropped, saying why', () => {
  const rows: [string, Partial<ClientHello>][] = [
    ['no_common_suite', { cipherSuites: [0xc02b, 0x00ff] }],
    ['bad_compression', { compressionMethods: Uint8Array.of(1) }],
    ['no_common_curve', withExtension(ExtensionType.SUPPORTED_GROUPS, Uint8Array.of(0, 2, 0, 29))],
    ['no_common_curve', withExtension(ExtensionType.EC_POINT_FORMATS, Uint8Array.of(1, 1))],
    ['no_common_signature', withExtension(ExtensionType.SIGNATURE_ALGORITHMS, Uint8Array.of(0, 2, 4, 1))],
    ['no_common_signature', withExtension(ExtensionType.SIGNATURE_ALGORITHMS, undefined)],
    ['no_raw_public_key', withExtension(ExtensionType.CLIENT_CERTIFICATE_TYPE, Uint8Array.of(1, 0))],
    ['no_raw_public_key', withExtension(ExtensionType.CLIENT_CERTIFICATE_TYPE, undefined)],
    ['no_raw_public_key', withExtension(ExtensionType.SERVER_CERTIFICATE_TYPE, undefined)],
    ['bad_renegotiation', withExtension(ExtensionType.RENEGOTIATION_INFO, Uint8Array.of(1, 7))],
    ['malformed', withExtension(ExtensionType.CONNECTION_ID, Uint8Array.of(9, 7))],
    ['malformed', withExtension(ExtensionType.SUPPORTED_GROUPS, Uint8Array.of(0, 3, 0, 23, 0))],
    ['malformed', { extensions: [...firstHello.extensions, ...firstHello.extensions] }],
    ['malformed', { sessionId: Buffer.alloc(33) }],
  ];
  it.each(rows)('%s', (reason, changes) => expect(reasonFor(hello(changes))).toBe(reason));

  it('bad_version', () => {
    for (const at of [2, 26]) {
      const other = Buffer.from(first);
      other[at] = 0xff;
      expect(reasonFor(other)).toBe('bad_version');
    }
  });

  it('not_client_hello', () => {
    for (const other of [dtlsHandshake.deviceFlight, dtlsHandshake.records[0].datagram, '', '00', '16fefd']) {
      expect(reasonFor(Buffer.from(other, 'hex'))).toBe('not_client_hello');
    }
  });

  it('malformed: cut anywhere, or with more behind it', () => {
    for (let length = 14; length < first.length; length++)
      expect(reasonFor(first.subarray(0, length))).toBe('malformed');
    expect(reasonFor(Buffer.concat([first, first]))).toBe('malformed');
    const fragment = encodeFragment({ type: 1, length: 0, messageSeq: 0, offset: 0, body: Buffer.alloc(0) });
    expect(reasonFor(clearRecord(22, 0, Buffer.concat([first.subarray(13), fragment])))).toBe('malformed');
  });

  it('fragmented_hello, and a message number that no client reaches', () => {
    for (const piece of refragment(first, 60)) expect(reasonFor(piece)).toBe('fragmented_hello');
    expect(reasonFor(hello({}, 8))).toBe('bad_message_seq');
    expect(reasonFor(hello({}, 65_535))).toBe('bad_message_seq');
  });
});

describe('what a ClientHello may leave out or add', () => {
  it.each([
    ['no curves', withExtension(ExtensionType.SUPPORTED_GROUPS, undefined)],
    ['no point formats', withExtension(ExtensionType.EC_POINT_FORMATS, undefined)],
    ['no connection ids', withExtension(ExtensionType.CONNECTION_ID, undefined)],
    ['an unknown extension', withExtension(4711, Uint8Array.of(1, 2, 3))],
    ['more suites', { cipherSuites: [0x1301, 0xc02b, 0xc0ae] }],
    ['a session id', { sessionId: Buffer.alloc(32, 1) }],
  ] as [string, Partial<ClientHello>][])('%s', (_name, changes) => expect(reasonFor(hello(changes))).toBe('verify'));

  it('shows in the offer', () => {
    const offerFor = (changes: Partial<ClientHello>) => {
      const jar = newJar();
      const cookie = cookieOf(answerFirstFlight(hello(changes), peer, jar, 0));
      const answer = answerFirstFlight(hello({ ...changes, cookie }), peer, jar, 0);
      return answer.kind === 'accepted' ? answer.hello.offer : answer;
    };
    expect(offerFor(withExtension(ExtensionType.CONNECTION_ID, undefined))).toMatchObject({ connectionId: false });
    expect(offerFor(withExtension(ExtensionType.CONNECTION_ID, Uint8Array.of(2, 1, 1)))).toMatchObject({
      connectionId: false,
    });
    expect(offerFor(withExtension(ExtensionType.EC_POINT_FORMATS, undefined))).toMatchObject({ pointFormats: false });
    expect(offerFor({ cipherSuites: [0xc0ae] })).toMatchObject({ renegotiationInfo: false });
    expect(
      offerFor({ cipherSuites: [0xc0ae], ...withExtension(ExtensionType.RENEGOTIATION_INFO, Uint8Array.of(0)) }),
    ).toMatchObject({ renegotiationInfo: true });
  });
});

it('recognises a ClientHello at a glance', () => {
  expect(isClientHello(first)).toBe(true);
  expect(isClientHello(Buffer.from(dtlsHandshake.deviceFlight, 'hex'))).toBe(false);
  expect(isClientHello(Buffer.from(dtlsHandshake.serverFinished, 'hex'))).toBe(false);
  expect(isClientHello(new Uint8Array(0))).toBe(false);
});
