import type { RecordSession } from './record-session.ts';

/** What a handshake machine asks of its driver, in order. */
export type HandshakeOutput =
  /** Send this datagram to the peer. */
  | { readonly kind: 'send'; readonly datagram: Buffer }
  /** Call `wake` at this time (the same milliseconds as `now`); it replaces an earlier request. */
  | { readonly kind: 'wake'; readonly at: number }
  /** The peer has proved its key, and both sides have the same transcript. The handshake's own records are counted already. */
  | { readonly kind: 'established'; readonly session: RecordSession }
  /** It is over without a session. Any alert stood before this as `send`. */
  | { readonly kind: 'failed'; readonly reason: HandshakeFailure };

/** Stable short reasons, for metrics and logs. */
export type HandshakeFailure =
  | 'timed_out'
  | 'refused_by_peer'
  | 'unexpected_message'
  | 'malformed_message'
  | 'unsupported_certificate'
  | 'bad_signature'
  | 'bad_key_share'
  | 'bad_finished'
  | 'bad_parameters'
  | 'bad_connection_id';

/** How long each side waits for the other's next flight (RFC 6347 section 4.2.4.1), in milliseconds. */
export interface HandshakeTimers {
  /** The first wait; each further one is twice as long. */
  readonly initialMs: number;
  /** The longest wait. */
  readonly maxMs: number;
  /** From a flight's first sending to giving up. */
  readonly giveUpMs: number;
}
