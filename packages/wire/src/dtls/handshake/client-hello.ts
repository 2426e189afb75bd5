import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../../wire-error.ts';
import { WireReader } from '../../wire-reader.ts';
import { DTLS_1_2 } from '../record.ts';
import { type Extension, encodeExtensions, readExtensions, readList16 } from './extensions.ts';
import { RANDOM_LENGTH } from './parameters.ts';

/** RFC 5246 section 7.4.1.2 with the cookie of RFC 6347 section 4.2.1. Byte strings are views on the input. */
export interface ClientHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cookie: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: Uint8Array;
  readonly extensions: readonly Extension[];
}

const CLAUSE = 'RFC 6347 4.2.1';
const MAX_SESSION_ID = 32;

/** @throws WireError `truncated`, `malformed`, or `unsupported` for another version, whose layout may differ */
export function decodeClientHello(body: Uint8Array): ClientHello {
  const reader = new WireReader(body, CLAUSE);
  const version = reader.u16();
  if (version !== DTLS_1_2) throw new WireError('unsupported', 'not DTLS 1.2', CLAUSE, 0);
  const random = reader.bytes(RANDOM_LENGTH);
  const sessionId = reader.bytes(reader.u8());
  if (sessionId.length > MAX_SESSION_ID) throw new WireError('malformed', 'session id too long', CLAUSE, reader.offset);
  const cookie = reader.bytes(reader.u8());
  const cipherSuites = readList16(reader);
  const compressionMethods = reader.bytes(reader.u8());
  const extensions = readExtensions(reader);
  return { version, random, sessionId, cookie, cipherSuites, compressionMethods, extensions };
}

/** The body of a ClientHello, extensions in the order given. */
export function encodeClientHello(hello: Omit<ClientHello, 'version'>): Buffer {
  const writer = new ByteWriter(192);
  writer.u16(DTLS_1_2).bytes(hello.random);
  writer.u8(hello.sessionId.length).bytes(hello.sessionId);
  writer.u8(hello.cookie.length).bytes(hello.cookie);
  writer.u16(hello.cipherSuites.length * 2);
  for (const suite of hello.cipherSuites) writer.u16(suite);
  writer.u8(hello.compressionMethods.length).bytes(hello.compressionMethods);
  return writer.bytes(encodeExtensions(hello.extensions)).finish();
}

/** The two parts of a decodable ClientHello body around its cookie: what a cookie has to vouch for. */
export function aroundCookie(body: Uint8Array, hello: ClientHello): [before: Uint8Array, after: Uint8Array] {
  const before = 2 + RANDOM_LENGTH + 1 + hello.sessionId.length;
  return [body.subarray(0, before), body.subarray(before + 1 + hello.cookie.length)];
}
