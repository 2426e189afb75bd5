import { ByteWriter } from '@cloudchamber/kernel';
import { POINT_LENGTH } from '../../crypto/spki.ts';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';
import { CURVE_P256 } from './parameters.ts';
import { readSignature, writeSignature } from './signature.ts';

/** RFC 8422 section 5.4. Byte strings are views on the input. */
export interface ServerKeyExchange {
  /** The server's ephemeral point, 65 bytes. */
  readonly point: Uint8Array;
  /** DER, by the server's long-term key over `signedParameters`. */
  readonly signature: Uint8Array;
}

const CLAUSE = 'RFC 8422 5.4';
const NAMED_CURVE = 3;

/** @throws WireError `unsupported` for another curve or signature algorithm, `malformed`, `truncated` */
export function decodeServerKeyExchange(body: Uint8Array): ServerKeyExchange {
  const reader = new WireReader(body, CLAUSE);
  if (reader.u8() !== NAMED_CURVE || reader.u16() !== CURVE_P256) {
    throw new WireError('unsupported', 'not the curve P-256', CLAUSE, 0);
  }
  if (reader.u8() !== POINT_LENGTH) throw new WireError('malformed', 'not an uncompressed point', CLAUSE, 3);
  return { point: reader.bytes(POINT_LENGTH), signature: readSignature(reader, CLAUSE) };
}

export function encodeServerKeyExchange(exchange: ServerKeyExchange): Buffer {
  const writer = new ByteWriter(160).bytes(parameters(exchange.point));
  return writeSignature(writer, exchange.signature).finish();
}

/** What the server signs: both randoms and the 69 parameter bytes. */
export function signedParameters(clientRandom: Uint8Array, serverRandom: Uint8Array, point: Uint8Array): Buffer {
  return Buffer.concat([clientRandom, serverRandom, parameters(point)]);
}

function parameters(point: Uint8Array): Buffer {
  return new ByteWriter(4 + POINT_LENGTH).u8(NAMED_CURVE).u16(CURVE_P256).u8(POINT_LENGTH).bytes(point).finish();
}
