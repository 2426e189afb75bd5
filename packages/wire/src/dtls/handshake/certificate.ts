import { ByteWriter } from '@cloudchamber/kernel';
import { SPKI_LENGTH } from '../../crypto/spki.ts';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';

const CLAUSE = 'RFC 7250 3';

/**
 * The SPKI in a raw public key Certificate (RFC 7250 section 3), a view. There is one length and no list.
 * @throws WireError `unsupported` when it isn't 91 bytes long, `truncated`
 */
export function decodeCertificate(body: Uint8Array): Uint8Array {
  const reader = new WireReader(body, CLAUSE);
  const spki = reader.bytes(reader.u24());
  reader.expectEnd();
  if (spki.length !== SPKI_LENGTH) throw new WireError('unsupported', `a key of ${spki.length} bytes`, CLAUSE, 0);
  return spki;
}

export function encodeCertificate(spki: Uint8Array): Buffer {
  return new ByteWriter(3 + spki.length).u24(spki.length).bytes(spki).finish();
}
