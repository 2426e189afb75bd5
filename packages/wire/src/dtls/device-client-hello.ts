import { encodeClientHello } from './handshake/client-hello.ts';
import { type Extension, ExtensionType } from './handshake/extensions.ts';
import { CIPHER_SUITE, COMPRESSION_NULL, RENEGOTIATION_SCSV } from './handshake/parameters.ts';

/** In the order that devices send them (protocol section 1.2). */
const EXTENSIONS: readonly Extension[] = [
  { type: ExtensionType.SIGNATURE_ALGORITHMS, data: Uint8Array.of(0, 8, 4, 3, 4, 1, 3, 3, 3, 1) },
  { type: ExtensionType.SUPPORTED_GROUPS, data: Uint8Array.of(0, 2, 0, 23) },
  { type: ExtensionType.EC_POINT_FORMATS, data: Uint8Array.of(1, 0) },
  { type: ExtensionType.CONNECTION_ID, data: Uint8Array.of(0) },
  { type: ExtensionType.CLIENT_CERTIFICATE_TYPE, data: Uint8Array.of(1, 2) },
  { type: ExtensionType.SERVER_CERTIFICATE_TYPE, data: Uint8Array.of(1, 2) },
];

/**
 * The body of a device's ClientHello, byte for byte as Device OS sends it.
 * @param cookie empty in the first one
 * @param offerCid as Device OS does from 3.1 on
 */
export function deviceClientHello(random: Uint8Array, cookie: Uint8Array, offerCid: boolean): Buffer {
  return encodeClientHello({
    random,
    sessionId: new Uint8Array(0),
    cookie,
    cipherSuites: [CIPHER_SUITE, RENEGOTIATION_SCSV],
    compressionMethods: Uint8Array.of(COMPRESSION_NULL),
    extensions: offerCid ? EXTENSIONS : EXTENSIONS.filter(({ type }) => type !== ExtensionType.CONNECTION_ID),
  });
}
