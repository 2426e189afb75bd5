import { ByteWriter } from '@cloudchamber/kernel';
import { WireReader } from '../../wire-reader.ts';
import { readSignature, writeSignature } from './signature.ts';

/**
 * The client's DER signature over the transcript so far (RFC 5246 section 7.4.8), a view.
 * @throws WireError `unsupported` for another algorithm than ECDSA with SHA-256, `too_large`, `truncated`
 */
export function decodeCertificateVerify(body: Uint8Array): Uint8Array {
  return readSignature(new WireReader(body, 'RFC 5246 7.4.8'), 'RFC 5246 7.4.8');
}

export function encodeCertificateVerify(signature: Uint8Array): Buffer {
  return writeSignature(new ByteWriter(4 + signature.length), signature).finish();
}
