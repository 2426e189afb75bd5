import { WireReader } from '../../wire-reader.ts';

/** Length of the verify data (RFC 5246 section 7.4.9). */
export const VERIFY_DATA_LENGTH = 12;

/**
 * The 12 bytes of verify data in a Finished (RFC 5246 section 7.4.9), a view.
 * @throws WireError `truncated`
 */
export function decodeFinished(body: Uint8Array): Uint8Array {
  const reader = new WireReader(body, 'RFC 5246 7.4.9');
  const verifyData = reader.bytes(VERIFY_DATA_LENGTH);
  reader.expectEnd();
  return verifyData;
}
