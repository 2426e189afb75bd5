import { WireReader } from '../wire-reader.ts';

/** Bytes of the secret that the server chooses for a session on TCP (protocol section 2.1). */
export const CREDENTIALS_LENGTH = 40;

/** What both ends know after the handshake on TCP. */
export interface Credentials {
  /** AES-128 key of both directions, 16 bytes. */
  readonly key: Uint8Array;
  /** The first IV of both directions, 16 bytes. */
  readonly iv: Uint8Array;
  /** The id of the device's first message. */
  readonly firstMessageId: number;
}

/** The parts of the 40 bytes: key 16 ‖ IV 16 ‖ salt 8. The device counts its message ids up from the salt's first two bytes, little-endian, before each use. */
export function readCredentials(bytes: Uint8Array): Credentials {
  const reader = new WireReader(bytes, 'protocol section 2.1');
  const key = reader.bytes(16);
  const iv = reader.bytes(16);
  return { key, iv, firstMessageId: (reader.u16le() + 1) & 0xffff };
}
