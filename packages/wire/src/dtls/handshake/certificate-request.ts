import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';
import { readList16 } from './extensions.ts';
import { ECDSA_SHA256, ECDSA_SIGN } from './parameters.ts';

const CLAUSE = 'RFC 5246 7.4.4';

/**
 * Checks a CertificateRequest (RFC 5246 section 7.4.4); it carries nothing that a device chooses by.
 * @throws WireError `unsupported` when it does not ask for ECDSA with SHA-256, `truncated`
 */
export function decodeCertificateRequest(body: Uint8Array): void {
  const reader = new WireReader(body, CLAUSE);
  const types = reader.bytes(reader.u8());
  const algorithms = readList16(reader);
  reader.bytes(reader.u16());
  reader.expectEnd();
  if (!types.includes(ECDSA_SIGN) || !algorithms.includes(ECDSA_SHA256)) {
    throw new WireError('unsupported', 'asks for no ECDSA key', CLAUSE, 0);
  }
}

/** The request for an ECDSA key, from no authority in particular. */
export function encodeCertificateRequest(): Buffer {
  return new ByteWriter(8).u8(1).u8(ECDSA_SIGN).u16(2).u16(ECDSA_SHA256).u16(0).finish();
}
