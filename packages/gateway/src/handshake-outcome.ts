import type { HandshakeFailure, StreamHandshakeFailure } from '@cloudchamber/wire';
import type { ConnectionFailure, ConnectionOutcome } from './connection-outcome.ts';
import type { PendingHandshake } from './handshake-table.ts';
import type { RefusalReason } from './ports.ts';

const OF_DTLS: Readonly<Record<HandshakeFailure, ConnectionFailure>> = {
  timed_out: 'timed_out',
  refused_by_peer: 'wrong_server_key',
  unexpected_message: 'bad_message',
  malformed_message: 'bad_message',
  unsupported_certificate: 'bad_key',
  bad_signature: 'bad_proof',
  bad_key_share: 'bad_message',
  bad_finished: 'bad_proof',
  bad_parameters: 'bad_message',
  bad_connection_id: 'bad_message',
};

const OF_STREAM: Readonly<Record<StreamHandshakeFailure, ConnectionFailure | RefusalReason>> = {
  refused: 'wrong_server_key',
  unknown_key: 'no_key_registered',
  bad_key: 'bad_key',
  bad_signature: 'wrong_server_key',
  unexpected: 'bad_message',
};

/** Why a handshake over UDP failed, in the words of outcomes. */
export function dtlsFailure(failure: HandshakeFailure): ConnectionFailure {
  return OF_DTLS[failure];
}

/** Why a handshake over TCP failed, in the words of outcomes. */
export function streamFailure(failure: StreamHandshakeFailure): ConnectionFailure | RefusalReason {
  return OF_STREAM[failure];
}

/** A handshake over UDP that ended without a session. @param at wall time, ms */
export function handshakeOutcome(
  { machine, address, port }: PendingHandshake,
  reason: ConnectionFailure,
  at: number,
): ConnectionOutcome {
  const { progress, shownKey } = machine;
  return {
    transport: 'udp',
    address,
    port,
    stage: progress,
    reason,
    ...(shownKey !== undefined && { publicKey: shownKey }),
    keyProved: progress === 'key_proved',
    at,
  };
}
