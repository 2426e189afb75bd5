import type { DeviceId } from '@cloudchamber/kernel';
import type { RefusalReason, Transport } from './ports.ts';

/**
 * How far a peer has come. Over UDP: `client_hello` (its cookie came back), `key_exchange` (its Certificate is here), `key_proved` (its CertificateVerify fits).
 * Over TCP: `nonce` (it was sent), `offer` (the device's answer is here). Over both: `secured` (the handshake is done), `hello` (its Hello is here), and the two ends of a
 * connection that works (protocol sections 1.2, 1.9, 2.1, 5.1).
 */
export type ConnectionStage =
  | 'client_hello'
  | 'key_exchange'
  | 'key_proved'
  | 'nonce'
  | 'offer'
  | 'secured'
  | 'hello'
  | 'admitted'
  | 'resumed';

/**
 * Why it came no further, besides what the cloud refuses by itself. `began_again`: the peer started a new handshake instead of ending this one. `bad_proof`: it doesn't own the
 * key that it showed. `unreadable`: what came over TCP after the handshake made no sense.
 */
export type ConnectionFailure =
  | 'wrong_server_key'
  | 'timed_out'
  | 'began_again'
  | 'closed'
  | 'no_hello'
  | 'device_id_missing'
  | 'bad_proof'
  | 'bad_key'
  | 'bad_message'
  | 'unreadable'
  | 'too_many'
  | 'fault';

/** How a peer's try to connect ended. Nothing is told of peers whose address isn't proved. */
export interface ConnectionOutcome {
  readonly transport: Transport;
  /** IP address as text. */
  readonly address: string;
  readonly port: number;
  readonly stage: ConnectionStage;
  /** Absent when it is in. */
  readonly reason?: RefusalReason | ConnectionFailure;
  /** Who it said to be. */
  readonly deviceId?: DeviceId;
  /** DER SPKI that it showed. The receiver may keep it. */
  readonly publicKey?: Uint8Array;
  /** Whether it has proved to own that key. */
  readonly keyProved: boolean;
  /** Wall time, ms. */
  readonly at: number;
}
