import type { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../../wire-error.ts';
import type { WireReader } from '../../wire-reader.ts';
import { ECDSA_SHA256 } from './parameters.ts';

/** The longest DER form of a P-256 ECDSA signature: two integers of 33 bytes. */
const MAX_SIGNATURE = 72;

/**
 * A DER signature behind its algorithm and length, the rest of the message (RFC 5246 section 4.7).
 * @throws WireError `unsupported` for another algorithm than ECDSA with SHA-256, `too_large`, `truncated`
 */
export function readSignature(reader: WireReader, clause: string): Uint8Array {
  const algorithm = reader.u16();
  if (algorithm !== ECDSA_SHA256) {
    throw new WireError('unsupported', `signature algorithm ${algorithm}`, clause, reader.offset - 2);
  }
  const length = reader.u16();
  if (length > MAX_SIGNATURE) throw new WireError('too_large', `signature of ${length} bytes`, clause, reader.offset);
  const signature = reader.bytes(length);
  reader.expectEnd();
  return signature;
}

export function writeSignature(writer: ByteWriter, signature: Uint8Array): ByteWriter {
  return writer.u16(ECDSA_SHA256).u16(signature.length).bytes(signature);
}
