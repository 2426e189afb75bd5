import { sha256 } from '../crypto/digest.ts';
import { prfSha256 } from '../crypto/prf.ts';
import { VERIFY_DATA_LENGTH } from './handshake/finished.ts';
import type { DtlsRole } from './record-session.ts';

/** The keys and IVs of one association (RFC 5246 section 6.3, RFC 6655 section 3). Secret. */
export interface KeyBlock {
  readonly clientKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly clientIv: Uint8Array;
  readonly serverIv: Uint8Array;
}

/** The 48-byte master secret (RFC 5246 section 8.1); devices don't know the extended one (protocol section 1.1). */
export function masterSecret(preMaster: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array): Buffer {
  return prfSha256(preMaster, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48);
}

/** The 40 bytes of key block, cut up (protocol section 1.4). */
export function keyBlock(master: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array): KeyBlock {
  const block = prfSha256(master, 'key expansion', Buffer.concat([serverRandom, clientRandom]), 40);
  return {
    clientKey: block.subarray(0, 16),
    serverKey: block.subarray(16, 32),
    clientIv: block.subarray(32, 36),
    serverIv: block.subarray(36, 40),
  };
}

/** The verify data of `role`'s Finished over all handshake messages before it (RFC 5246 section 7.4.9). */
export function verifyData(master: Uint8Array, role: DtlsRole, transcript: Uint8Array): Buffer {
  return prfSha256(master, `${role} finished`, sha256(transcript), VERIFY_DATA_LENGTH);
}
