import type { Entropy } from '@cloudchamber/kernel';
import type { EphemeralP256 } from '../crypto/ephemeral.ts';
import { type PrivateKeyP256, verifyP256 } from '../crypto/p256.ts';
import { parseSpki } from '../crypto/spki.ts';
import type { ClientOffer } from './client-offer.ts';
import { decodeCertificateRequest, encodeCertificateRequest } from './handshake/certificate-request.ts';
import { decodeList8, type Extension, ExtensionType, extensionData } from './handshake/extensions.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import {
  CIPHER_SUITE,
  COMPRESSION_NULL,
  POINT_UNCOMPRESSED,
  RANDOM_LENGTH,
  RAW_PUBLIC_KEY,
} from './handshake/parameters.ts';
import { decodeServerHello, encodeServerHello, type ServerHello } from './handshake/server-hello.ts';
import { decodeServerKeyExchange, encodeServerKeyExchange, signedParameters } from './handshake/server-key-exchange.ts';
import type { HandshakeMessage } from './handshake-inbox.ts';
import type { HandshakeFailure } from './handshake-output.ts';
import { CID_LENGTH } from './record.ts';

/** A handshake message that has no number yet. */
export interface OutgoingMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

export interface ServerFlightInput {
  readonly identity: PrivateKeyP256;
  readonly ephemeral: EphemeralP256;
  readonly entropy: Entropy;
  readonly clientRandom: Uint8Array;
  readonly offer: ClientOffer;
  readonly cid: Uint8Array;
}

export interface GeneratedFlight {
  readonly messages: readonly OutgoingMessage[];
  /** The server's random, which is also in the first message. */
  readonly random: Uint8Array;
}

/**
 * ServerHello, ServerKeyExchange, CertificateRequest, ServerHelloDone, in this order. There is no Certificate: the device owns the
 * server's key and aborts when it gets one (protocol section 1.2).
 */
export function generateServerFlight(input: ServerFlightInput): GeneratedFlight {
  const { identity, ephemeral, clientRandom } = input;
  const random = input.entropy.bytes(RANDOM_LENGTH);
  const hello = encodeServerHello({
    random,
    sessionId: new Uint8Array(0),
    cipherSuite: CIPHER_SUITE,
    compressionMethod: COMPRESSION_NULL,
    extensions: answerExtensions(input.offer, input.cid),
  });
  const signature = identity.sign(signedParameters(clientRandom, random, ephemeral.point));
  const messages = [
    { type: HandshakeType.SERVER_HELLO, body: hello },
    { type: HandshakeType.SERVER_KEY_EXCHANGE, body: encodeServerKeyExchange({ point: ephemeral.point, signature }) },
    { type: HandshakeType.CERTIFICATE_REQUEST, body: encodeCertificateRequest() },
    { type: HandshakeType.SERVER_HELLO_DONE, body: new Uint8Array(0) },
  ];
  return { messages, random };
}

/** What the client learns from the server's flight. */
export interface ServerFlight {
  readonly random: Uint8Array;
  readonly cid: Uint8Array;
  /** The server's ephemeral point, signed by its long-term key. */
  readonly point: Uint8Array;
  readonly wantsCertificate: boolean;
}

export interface ExpectedServer {
  readonly clientRandom: Uint8Array;
  readonly serverSpki: Uint8Array;
  /** Whether the hello offered connection ids; then the server must give one. */
  readonly offeredCid: boolean;
}

/**
 * Reads and checks the server's flight, whose message types the caller has checked.
 * @throws WireError when a message does not decode
 */
export function parseServerFlight(
  messages: readonly HandshakeMessage[],
  expected: ExpectedServer,
): ServerFlight | HandshakeFailure {
  const bodyOf = (type: number): Uint8Array | undefined => messages.find((message) => message.type === type)?.body;
  const helloBody = bodyOf(HandshakeType.SERVER_HELLO);
  const exchangeBody = bodyOf(HandshakeType.SERVER_KEY_EXCHANGE);
  if (helloBody === undefined || exchangeBody === undefined) return 'unexpected_message';
  const hello = decodeServerHello(helloBody);
  const cid = checkHello(hello, expected.offeredCid);
  if (typeof cid === 'string') return cid;
  const exchange = decodeServerKeyExchange(exchangeBody);
  const signed = signedParameters(expected.clientRandom, hello.random, exchange.point);
  if (!verifyP256(parseSpki(expected.serverSpki), signed, exchange.signature)) return 'bad_signature';
  const request = bodyOf(HandshakeType.CERTIFICATE_REQUEST);
  if (request !== undefined) decodeCertificateRequest(request);
  return { random: hello.random, cid, point: exchange.point, wantsCertificate: request !== undefined };
}

function answerExtensions(offer: ClientOffer, cid: Uint8Array): Extension[] {
  const extensions: Extension[] = [];
  const add = (type: number, ...data: readonly number[]): void => {
    extensions.push({ type, data: Uint8Array.from(data) });
  };
  if (offer.renegotiationInfo) add(ExtensionType.RENEGOTIATION_INFO, 0);
  if (offer.connectionId) add(ExtensionType.CONNECTION_ID, cid.length, ...cid);
  if (offer.pointFormats) add(ExtensionType.EC_POINT_FORMATS, 1, POINT_UNCOMPRESSED);
  add(ExtensionType.CLIENT_CERTIFICATE_TYPE, RAW_PUBLIC_KEY);
  add(ExtensionType.SERVER_CERTIFICATE_TYPE, RAW_PUBLIC_KEY);
  return extensions;
}

/** The connection id to use, empty when none was offered; a device takes nothing but 8 bytes (protocol section 1.3). */
function checkHello(hello: ServerHello, offeredCid: boolean): Uint8Array | HandshakeFailure {
  const selects = (type: number): boolean => {
    const data = extensionData(hello.extensions, type);
    return data?.length === 1 && data[0] === RAW_PUBLIC_KEY;
  };
  if (hello.cipherSuite !== CIPHER_SUITE || hello.compressionMethod !== COMPRESSION_NULL) return 'bad_parameters';
  if (!selects(ExtensionType.CLIENT_CERTIFICATE_TYPE)) return 'bad_parameters';
  if (!selects(ExtensionType.SERVER_CERTIFICATE_TYPE)) return 'bad_parameters';
  const data = extensionData(hello.extensions, ExtensionType.CONNECTION_ID);
  if ((data !== undefined) !== offeredCid) return 'bad_connection_id';
  if (data === undefined) return new Uint8Array(0);
  const cid = decodeList8(data);
  return cid.length === CID_LENGTH ? cid : 'bad_connection_id';
}
