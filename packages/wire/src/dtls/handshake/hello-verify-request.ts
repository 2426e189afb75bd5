import { ByteWriter } from '@cloudchamber/kernel';
import { WireReader } from '../../wire-reader.ts';
import { DTLS_1_2 } from '../record.ts';

/**
 * The cookie of a HelloVerifyRequest (RFC 6347 section 4.2.1), a view. Its version field says nothing and is not looked at.
 * @throws WireError `truncated`
 */
export function decodeHelloVerifyRequest(body: Uint8Array): Uint8Array {
  const reader = new WireReader(body, 'RFC 6347 4.2.1');
  reader.u16();
  const cookie = reader.bytes(reader.u8());
  reader.expectEnd();
  return cookie;
}

/** @param cookie up to 255 bytes */
export function encodeHelloVerifyRequest(cookie: Uint8Array): Buffer {
  return new ByteWriter(3 + cookie.length).u16(DTLS_1_2).u8(cookie.length).bytes(cookie).finish();
}
