import { ByteWriter } from '@cloudchamber/kernel';
import { POINT_LENGTH } from '../../crypto/spki.ts';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';

const CLAUSE = 'RFC 8422 5.7';

/**
 * The client's ephemeral point (RFC 8422 section 5.7), 65 bytes, a view. Whether it is on the curve shows when it is used.
 * @throws WireError `malformed` when it has another length, `truncated`
 */
export function decodeClientKeyExchange(body: Uint8Array): Uint8Array {
  const reader = new WireReader(body, CLAUSE);
  const point = reader.bytes(reader.u8());
  reader.expectEnd();
  if (point.length !== POINT_LENGTH) throw new WireError('malformed', 'not an uncompressed point', CLAUSE, 0);
  return point;
}

export function encodeClientKeyExchange(point: Uint8Array): Buffer {
  return new ByteWriter(1 + point.length).u8(point.length).bytes(point).finish();
}
