import type { HandshakeFailure } from '@cloudchamber/wire';

/**
 * Why a connection ended, or an attempt at one: whether the session may be resumed afterwards (protocol sections 1.10, 3.2 and 12), and the words for people.
 */
export const CONNECTION_ENDS = {
  left: { keepsSession: true, explanation: 'the device disconnected' },
  no_socket: { keepsSession: true, explanation: 'no socket could be opened' },
  silent: { keepsSession: true, explanation: 'the server did not answer a ping in time' },
  no_hello: { keepsSession: false, explanation: 'the server did not answer Hello within 4 s' },
  unacknowledged: { keepsSession: false, explanation: 'the server did not acknowledge a message' },
  restarting: { keepsSession: true, explanation: 'the device restarts with new firmware' },
  update_failed: { keepsSession: true, explanation: 'the device gave up a firmware update' },
  reset: { keepsSession: false, explanation: 'the server reset the session' },
  discarded: { keepsSession: false, explanation: 'the server asked for a new handshake' },
  closed: { keepsSession: false, explanation: 'the server closed the session' },
  refused: { keepsSession: false, explanation: 'the server refused the device' },
  protocol_error: { keepsSession: true, explanation: 'the server broke the device protocol' },
  server_unreachable: { keepsSession: false, explanation: 'the server did not answer the handshake' },
  wrong_server_key: { keepsSession: false, explanation: 'the server has another key than the device was given' },
  handshake_refused: { keepsSession: false, explanation: 'the server refused the handshake' },
  handshake_failed: { keepsSession: false, explanation: 'the handshake failed' },
} as const;

export type ConnectionEnd = keyof typeof CONNECTION_ENDS;

const HANDSHAKE_ENDS: Partial<Record<HandshakeFailure, ConnectionEnd>> = {
  timed_out: 'server_unreachable',
  bad_signature: 'wrong_server_key',
  refused_by_peer: 'handshake_refused',
};

/** What a failed handshake means to the device. */
export function endOfHandshake(failure: HandshakeFailure): ConnectionEnd {
  return HANDSHAKE_ENDS[failure] ?? 'handshake_failed';
}
