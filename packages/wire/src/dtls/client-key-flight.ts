import type { PrivateKeyP256 } from '../crypto/p256.ts';
import { verifyP256 } from '../crypto/p256.ts';
import type { PublicKeyCache } from '../crypto/public-key-cache.ts';
import { WireError } from '../wire-error.ts';
import { decodeCertificate, encodeCertificate } from './handshake/certificate.ts';
import { decodeCertificateVerify, encodeCertificateVerify } from './handshake/certificate-verify.ts';
import { decodeClientKeyExchange, encodeClientKeyExchange } from './handshake/client-key-exchange.ts';
import { encodeMessage } from './handshake/fragment.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import type { HandshakeFailure } from './handshake-output.ts';
import type { Transcript } from './transcript.ts';

export interface ClientFlightInput {
  readonly identity: PrivateKeyP256;
  /** The client's ephemeral point. */
  readonly point: Uint8Array;
  /** Without a request from the server a device sends neither key nor proof (protocol section 1.2). */
  readonly wantsCertificate: boolean;
  readonly firstSeq: number;
  /** All messages up to ServerHelloDone; the new ones are added. */
  readonly transcript: Transcript;
}

/** Certificate, ClientKeyExchange, CertificateVerify, as whole messages in this order; the first and last only on request. */
export function generateClientFlight(input: ClientFlightInput): Buffer[] {
  const messages: Buffer[] = [];
  const add = (type: number, body: Uint8Array): void => {
    const message = encodeMessage(type, input.firstSeq + messages.length, body);
    input.transcript.add(message);
    messages.push(message);
  };
  if (input.wantsCertificate) add(HandshakeType.CERTIFICATE, encodeCertificate(input.identity.spki));
  add(HandshakeType.CLIENT_KEY_EXCHANGE, encodeClientKeyExchange(input.point));
  if (input.wantsCertificate) {
    add(HandshakeType.CERTIFICATE_VERIFY, encodeCertificateVerify(input.identity.sign(input.transcript.bytes())));
  }
  return messages;
}

/** The bodies of the client's three messages in the clear. */
export interface ClientFlightBodies {
  readonly certificate: Uint8Array;
  readonly keyExchange: Uint8Array;
  readonly verify: Uint8Array;
}

/** What the server learns from the client's flight: a key that the client has proved to own. */
export interface ClientFlight {
  readonly spki: Uint8Array;
  /** The client's ephemeral point, not checked to be on the curve. */
  readonly point: Uint8Array;
}

/**
 * Reads the client's flight and checks its proof.
 * @param signed all messages up to ClientKeyExchange
 */
export function parseClientFlight(
  bodies: ClientFlightBodies,
  signed: Uint8Array,
  keys: PublicKeyCache,
): ClientFlight | HandshakeFailure {
  let reason: HandshakeFailure = 'unsupported_certificate';
  try {
    const spki = decodeCertificate(bodies.certificate);
    const key = keys.get(spki);
    reason = 'malformed_message';
    const point = decodeClientKeyExchange(bodies.keyExchange);
    const signature = decodeCertificateVerify(bodies.verify);
    return verifyP256(key, signed, signature) ? { spki, point } : 'bad_signature';
  } catch (error) {
    if (error instanceof WireError) return reason;
    throw error;
  }
}
