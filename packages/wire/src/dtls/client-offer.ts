import type { ClientHello } from './handshake/client-hello.ts';
import { decodeList8, decodeList16, ExtensionType, extensionData } from './handshake/extensions.ts';
import {
  CIPHER_SUITE,
  COMPRESSION_NULL,
  CURVE_P256,
  ECDSA_SHA256,
  POINT_UNCOMPRESSED,
  RAW_PUBLIC_KEY,
  RENEGOTIATION_SCSV,
} from './handshake/parameters.ts';

/** What of a ClientHello the server's answer depends on; the rest is fixed (protocol section 1.2). */
export interface ClientOffer {
  /** Connection ids, with none for the client's own direction. */
  readonly connectionId: boolean;
  readonly pointFormats: boolean;
  readonly renegotiationInfo: boolean;
}

export type OfferRefusal =
  | 'no_common_suite'
  | 'no_common_curve'
  | 'no_common_signature'
  | 'no_raw_public_key'
  | 'bad_compression'
  | 'bad_renegotiation';

/**
 * What the client offers, or why there is nothing in common. Lists are searched, never compared as a whole: they differ between builds.
 * @throws WireError when an extension that matters does not decode
 */
export function readOffer(hello: ClientHello): ClientOffer | OfferRefusal {
  const data = (type: number): Uint8Array | undefined => extensionData(hello.extensions, type);
  const includes8 = (type: number, value: number): boolean | undefined => {
    const list = data(type);
    return list && decodeList8(list).includes(value);
  };
  const includes16 = (type: number, value: number): boolean | undefined => {
    const list = data(type);
    return list && decodeList16(list).includes(value);
  };
  if (!hello.cipherSuites.includes(CIPHER_SUITE)) return 'no_common_suite';
  if (!hello.compressionMethods.includes(COMPRESSION_NULL)) return 'bad_compression';
  // Absent curves and point formats leave the choice to the server (RFC 8422 section 4); absent algorithms would mean SHA-1.
  if (includes16(ExtensionType.SUPPORTED_GROUPS, CURVE_P256) === false) return 'no_common_curve';
  if (includes8(ExtensionType.EC_POINT_FORMATS, POINT_UNCOMPRESSED) === false) return 'no_common_curve';
  if (!includes16(ExtensionType.SIGNATURE_ALGORITHMS, ECDSA_SHA256)) return 'no_common_signature';
  if (!includes8(ExtensionType.CLIENT_CERTIFICATE_TYPE, RAW_PUBLIC_KEY)) return 'no_raw_public_key';
  if (!includes8(ExtensionType.SERVER_CERTIFICATE_TYPE, RAW_PUBLIC_KEY)) return 'no_raw_public_key';
  const renegotiation = data(ExtensionType.RENEGOTIATION_INFO);
  if (renegotiation !== undefined && decodeList8(renegotiation).length > 0) return 'bad_renegotiation';
  const connectionId = data(ExtensionType.CONNECTION_ID);
  return {
    // A client that wants an id on what it receives gets no ids at all: this server never writes one.
    connectionId: connectionId !== undefined && decodeList8(connectionId).length === 0,
    pointFormats: data(ExtensionType.EC_POINT_FORMATS) !== undefined,
    renegotiationInfo: renegotiation !== undefined || hello.cipherSuites.includes(RENEGOTIATION_SCSV),
  };
}
