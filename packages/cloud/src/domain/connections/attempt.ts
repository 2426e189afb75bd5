import type { ConnectionFailure, ConnectionOutcome, ConnectionStage, RefusalReason } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';

export type AttemptReason = ConnectionFailure | RefusalReason;

/** `resumed`: it went on with its session; `refused`: it said who it is, and may not come in; `failed`: it did not come so far. */
export type AttemptOutcome = 'admitted' | 'resumed' | 'refused' | 'failed';

/** How somebody tried to connect, as it is kept. */
export interface Attempt {
  /** Grows with time. */
  readonly id: number;
  /** Only a claim, unless it was admitted. */
  readonly deviceId: DeviceId | null;
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  readonly stage: ConnectionStage;
  readonly outcome: AttemptOutcome;
  readonly reason: AttemptReason | null;
  /** SHA-256 of the DER SPKI that was shown, hex. */
  readonly keyFingerprint: string | null;
  readonly count: number;
  /** ms UTC */
  readonly firstAt: number;
  readonly lastAt: number;
}

const REFUSALS: readonly (AttemptReason | undefined)[] = [
  'unknown_device',
  'no_key_registered',
  'key_mismatch',
  'denied',
  'unavailable',
] satisfies RefusalReason[];

/** What is said first of how an attempt ended. */
export function attemptOutcome({ stage, reason }: Pick<ConnectionOutcome, 'stage' | 'reason'>): AttemptOutcome {
  if (reason === undefined) return stage === 'resumed' ? 'resumed' : 'admitted';
  return REFUSALS.includes(reason) ? 'refused' : 'failed';
}

const APPROVABLE: readonly (AttemptReason | undefined)[] = ['unknown_device', 'no_key_registered', 'key_mismatch'];

/** The key of an attempt that would have let it in, were it registered; undefined unless the peer has proved to own it. */
export function approvableKey({ reason, keyProved, publicKey }: ConnectionOutcome): Uint8Array | undefined {
  return keyProved && APPROVABLE.includes(reason) ? publicKey : undefined;
}

/** An IPv4 address that came over a socket for both families, as people write it. */
export function plainAddress(address: string): string {
  const text = address.toLowerCase();
  return /^::ffff:\d+\./.test(text) ? text.slice(7) : text;
}
