import { RSA_2048_SPKI_LENGTH } from '../crypto/rsa.ts';
import { SPKI_LENGTH } from '../crypto/spki.ts';
import { WireError } from '../wire-error.ts';
import {
  decodeServerAddress,
  encodeServerAddress,
  SERVER_ADDRESS_LENGTH,
  type ServerAddress,
} from './server-address.ts';

/** What a device knows of its cloud. */
export interface ServerKeyFile {
  /** DER SubjectPublicKeyInfo: P-256 for UDP, RSA-2048 for TCP. */
  readonly spki: Uint8Array;
  /** Absent when the device is to use its default. */
  readonly address?: ServerAddress;
}

/** The room for the key in front of the address, by the key's own length: protocol section 1.11 for P-256, and as the published tools write RSA keys. */
const KEY_ROOM: ReadonlyMap<number, number> = new Map([
  [SPKI_LENGTH, 192],
  [RSA_2048_SPKI_LENGTH, 384],
]);
const ERASED = 0xff;
const CLAUSE = 'protocol section 1.11';

/**
 * The file that is written to a device: the key, erased flash up to 192 bytes (P-256) or 384 (RSA), the address in 128. Without an address it is the key alone.
 * @throws WireError `unsupported` for a key of another length, and as `encodeServerAddress`
 */
export function encodeServerKeyFile({ spki, address }: ServerKeyFile): Buffer {
  const room = KEY_ROOM.get(spki.length);
  if (room === undefined) throw new WireError('unsupported', `a key of ${spki.length} bytes`, CLAUSE);
  if (address === undefined) return Buffer.from(spki);
  return Buffer.concat([spki, Buffer.alloc(room - spki.length, ERASED), encodeServerAddress(address)]);
}

/**
 * Key and address out of such a file, whose key may also stand alone. The key's bytes are not looked at, only how long they say they are.
 * @throws WireError `truncated`, `unsupported` when it doesn't begin with a key as `encodeServerKeyFile` takes it, and as `decodeServerAddress`
 */
export function decodeServerKeyFile(file: Uint8Array): ServerKeyFile {
  const length = derLength(file);
  const room = KEY_ROOM.get(length);
  if (room === undefined) throw new WireError('unsupported', 'not a server key of a device', CLAUSE, 0);
  if (file.length < length) throw new WireError('truncated', `a key of ${file.length} bytes`, CLAUSE, file.length);
  const spki = new Uint8Array(file.subarray(0, length));
  if (file.length < room + SERVER_ADDRESS_LENGTH) return { spki };
  const address = decodeServerAddress(file.subarray(room, room + SERVER_ADDRESS_LENGTH));
  return address === undefined ? { spki } : { spki, address };
}

/** Bytes of the outermost SEQUENCE with its head, or 0 when there is none of less than 64 KB. */
function derLength(der: Uint8Array): number {
  const [tag, first = 0, second = 0, third = 0] = der;
  if (tag !== 0x30) return 0;
  if (first < 0x80) return 2 + first;
  if (first === 0x81) return 3 + second;
  return first === 0x82 ? 4 + (second << 8) + third : 0;
}
