import type { DeviceId } from '@cloudchamber/kernel';
import type { AesFrames } from './aes-frames.ts';

/** What a handshake on TCP ended in. */
export interface StreamSession {
  readonly deviceId: DeviceId;
  /** The device's RSA-1024 SPKI: it owns the private half if its first frame makes sense. */
  readonly publicKey: Uint8Array;
  /** The SPKI of the server's key that it was made with. */
  readonly serverKey: Uint8Array;
  readonly frames: AesFrames;
  /** The id that the device's first message carries. */
  readonly firstMessageId: number;
}

/**
 * Why a handshake on TCP failed. `refused`: what the device sent is not the answer to this nonce; wrong padding looks exactly so. `unknown_key`: the device sent no
 * key and none is registered. `bad_key`: a key that can't be used. `bad_signature`: the server is not the one whose key the device holds. `unexpected`: bytes that
 * nobody may send at this point.
 */
export type StreamHandshakeFailure = 'refused' | 'unknown_key' | 'bad_key' | 'bad_signature' | 'unexpected';

/** What a handshake on TCP wants done. Nothing more comes after `established` and `failed`. */
export type StreamHandshakeOutput =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** The device sent no key: look its registered one up and call `useKey`. */
  | { readonly kind: 'key_wanted'; readonly deviceId: DeviceId }
  | { readonly kind: 'established'; readonly session: StreamSession }
  | { readonly kind: 'failed'; readonly reason: StreamHandshakeFailure };
