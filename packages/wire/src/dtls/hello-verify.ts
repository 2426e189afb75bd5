import { WireError } from '../wire-error.ts';
import { type ClientOffer, type OfferRefusal, readOffer } from './client-offer.ts';
import type { CookieJar } from './cookie-jar.ts';
import { FlightSender } from './flight-sender.ts';
import { aroundCookie, type ClientHello, decodeClientHello } from './handshake/client-hello.ts';
import { decodeFragments, encodeMessage, HANDSHAKE_HEADER_LENGTH } from './handshake/fragment.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import { encodeHelloVerifyRequest } from './handshake/hello-verify-request.ts';
import { ContentType, DTLS_1_2, parseRecords, RECORD_HEADER_LENGTH } from './record.ts';

/** A ClientHello worth a handshake. Owns its bytes. */
export interface AcceptedHello {
  /** Header and body, the first message of the transcript. */
  readonly message: Uint8Array;
  readonly random: Uint8Array;
  readonly offer: ClientOffer;
  /** The server's first message takes this number too. */
  readonly messageSeq: number;
  /** The server's first record takes this number too (RFC 6347 section 4.2.1). */
  readonly recordSequence: number;
}

export type HelloRefusal =
  | OfferRefusal
  | 'not_client_hello'
  | 'bad_version'
  | 'fragmented_hello'
  | 'bad_message_seq'
  | 'malformed'
  | 'small_hello';

export type FirstFlightAnswer =
  | { readonly kind: 'verify'; readonly datagram: Buffer }
  | { readonly kind: 'accepted'; readonly hello: AcceptedHello }
  | { readonly kind: 'drop'; readonly reason: HelloRefusal };

/** A first ClientHello has 0, and each HelloVerifyRequest raises it by one (RFC 6347 section 4.2.2). */
const MAX_HELLO_SEQ = 7;

interface ReadHello extends AcceptedHello {
  readonly hello: ClientHello;
}

/** Whether a datagram begins like a ClientHello in the clear, at the price of three comparisons. */
export function isClientHello(datagram: Uint8Array): boolean {
  return (
    datagram[0] === ContentType.HANDSHAKE &&
    datagram[3] === 0 &&
    datagram[4] === 0 &&
    datagram[RECORD_HEADER_LENGTH] === HandshakeType.CLIENT_HELLO
  );
}

/**
 * The stateless first step of a server (RFC 6347 section 4.2.1). Nothing is remembered, and never more bytes go out than came in.
 * A wrong or expired cookie is treated as none. A ClientHello in fragments would need state and is dropped.
 * @param peer address and port of the sender in bytes, up to 255
 * @param now milliseconds, the same clock for all calls with these `cookies`
 */
export function answerFirstFlight(
  datagram: Uint8Array,
  peer: Uint8Array,
  cookies: CookieJar,
  now: number,
): FirstFlightAnswer {
  const read = readClientHello(datagram);
  if (typeof read === 'string') return { kind: 'drop', reason: read };
  const { hello, ...accepted } = read;
  const vouched = aroundCookie(read.message.subarray(HANDSHAKE_HEADER_LENGTH), hello);
  if (hello.cookie.length > 0 && cookies.check(hello.cookie, peer, vouched, now)) {
    return { kind: 'accepted', hello: accepted };
  }
  const request = encodeHelloVerifyRequest(cookies.make(peer, vouched, now));
  const plaintext = encodeMessage(HandshakeType.HELLO_VERIFY_REQUEST, read.messageSeq, request);
  const answer = new FlightSender(read.recordSequence).record({ type: ContentType.HANDSHAKE, plaintext });
  if (answer.length > datagram.length) return { kind: 'drop', reason: 'small_hello' };
  return { kind: 'verify', datagram: answer };
}

/** The ClientHello that is all of a datagram, its cookie unchecked, or why there is none to talk to. */
export function readClientHello(datagram: Uint8Array): ReadHello | HelloRefusal {
  if (!isClientHello(datagram)) return 'not_client_hello';
  if (datagram[1] !== DTLS_1_2 >>> 8 || datagram[2] !== (DTLS_1_2 & 0xff)) return 'bad_version';
  try {
    return readHelloRecord(datagram);
  } catch (error) {
    if (error instanceof WireError) return error.kind === 'unsupported' ? 'bad_version' : 'malformed';
    throw error;
  }
}

/** @throws WireError */
function readHelloRecord(datagram: Uint8Array): ReadHello | HelloRefusal {
  const [record, ...others] = parseRecords(datagram);
  if (record === undefined || others.length > 0) return 'malformed';
  const [fragment, ...further] = decodeFragments(datagram.subarray(record.fragmentStart, record.end));
  if (fragment === undefined || further.length > 0) return 'malformed';
  if (fragment.body.length !== fragment.length) return 'fragmented_hello';
  const { messageSeq } = fragment;
  if (messageSeq > MAX_HELLO_SEQ) return 'bad_message_seq';
  const message = encodeMessage(HandshakeType.CLIENT_HELLO, messageSeq, fragment.body);
  const hello = decodeClientHello(message.subarray(HANDSHAKE_HEADER_LENGTH));
  const offer = readOffer(hello);
  if (typeof offer === 'string') return offer;
  return { hello, message, random: hello.random, offer, messageSeq, recordSequence: record.sequence };
}
