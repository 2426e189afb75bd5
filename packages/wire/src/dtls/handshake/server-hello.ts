import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';
import { DTLS_1_2 } from '../record.ts';
import { type Extension, encodeExtensions, readExtensions } from './extensions.ts';
import { RANDOM_LENGTH } from './parameters.ts';

/** RFC 5246 section 7.4.1.3. Byte strings are views on the input. */
export interface ServerHello {
  readonly random: Uint8Array;
  /** Empty or anything: a device never offers it again (protocol section 1.2). */
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compressionMethod: number;
  readonly extensions: readonly Extension[];
}

const CLAUSE = 'RFC 5246 7.4.1.3';
const MAX_SESSION_ID = 32;

/** @throws WireError `truncated`, `malformed`, or `unsupported` for another version */
export function decodeServerHello(body: Uint8Array): ServerHello {
  const reader = new WireReader(body, CLAUSE);
  if (reader.u16() !== DTLS_1_2) throw new WireError('unsupported', 'not DTLS 1.2', CLAUSE, 0);
  const random = reader.bytes(RANDOM_LENGTH);
  const sessionId = reader.bytes(reader.u8());
  if (sessionId.length > MAX_SESSION_ID) throw new WireError('malformed', 'session id too long', CLAUSE, reader.offset);
  const cipherSuite = reader.u16();
  const compressionMethod = reader.u8();
  return { random, sessionId, cipherSuite, compressionMethod, extensions: readExtensions(reader) };
}

/** The body of a ServerHello, extensions in the order given. */
export function encodeServerHello(hello: ServerHello): Buffer {
  const writer = new ByteWriter(128);
  writer.u16(DTLS_1_2).bytes(hello.random);
  writer.u8(hello.sessionId.length).bytes(hello.sessionId);
  writer.u16(hello.cipherSuite).u8(hello.compressionMethod);
  return writer.bytes(encodeExtensions(hello.extensions)).finish();
}
