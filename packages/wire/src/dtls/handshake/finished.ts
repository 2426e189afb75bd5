import { equalConstantTime } from '../../crypto/constant-time.ts';

/** Length of the verify data, which is all of a Finished (RFC 5246 section 7.4.9). */
export const VERIFY_DATA_LENGTH = 12;

/** Whether a Finished body is exactly the verify data that it must be, compared in constant time. */
export function isFinishedWith(body: Uint8Array, verifyData: Uint8Array): boolean {
  return verifyData.length === VERIFY_DATA_LENGTH && equalConstantTime(body, verifyData);
}
