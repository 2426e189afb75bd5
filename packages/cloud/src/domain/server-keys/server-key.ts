import { createHash } from 'node:crypto';
import type { ServerKeyRow } from '../../store/tables/server-keys.ts';

/** What a key is for: `ec-p256` for devices over UDP (DTLS), `rsa-2048` for devices over TCP. */
export const SERVER_KEY_ALGORITHMS = ['ec-p256', 'rsa-2048'] as const;
export type ServerKeyAlgorithm = (typeof SERVER_KEY_ALGORITHMS)[number];

/** A long-term key of this cloud without its private half. */
export interface ServerKey {
  readonly id: string;
  readonly algorithm: ServerKeyAlgorithm;
  /** 1 for the first of its algorithm. */
  readonly generation: number;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly fingerprint: string;
  /** Wall time, ms. */
  readonly createdAt: number;
  /** Null while handshakes are made with it. */
  readonly retiredAt: number | null;
}

/** SHA-256 of a public key's SubjectPublicKeyInfo in hex: what people compare, and by which a device's key is remembered. */
export function keyFingerprint(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}

export function serverKeyOf(row: ServerKeyRow): ServerKey {
  return {
    id: row.id,
    algorithm: row.algorithm as ServerKeyAlgorithm,
    generation: row.generation,
    spki: row.public_key,
    fingerprint: keyFingerprint(row.public_key),
    createdAt: row.created_at,
    retiredAt: row.retired_at,
  };
}
