import { days, minutes, seconds } from '@cloudchamber/kernel';

/** Figures that an operator or a test may change. Times in ms. */
export interface GatewaySettings {
  /** How long a function call or variable read waits for its answer (CON-22: up to 30 s). */
  readonly commandTimeoutMs: number;
  /** How long a session may take from its handshake to Hello. */
  readonly greetingTimeoutMs: number;
  /** A session that is silent for this long is forgotten; the device handshakes anew. */
  readonly sessionIdleMs: number;
  /** After this time a session is renewed: its device is told to handshake anew, when it is awake and nothing is under way (protocol section 1.10). */
  readonly sessionRenewMs: number;
  /** How often sessions are looked over for silence. */
  readonly sweepMs: number;
  /** How often outstanding messages are looked over for retransmission and timeouts. */
  readonly tickMs: number;
  /** How often `ports.heard` is told of devices that sent something. */
  readonly heardMs: number;
  /** Handshakes under way at once, over all peers. */
  readonly maxHandshakes: number;
  /** Handshakes under way at once from one IP address. */
  readonly maxHandshakesPerAddress: number;
  readonly maxSessions: number;
  /** How long a firmware update waits for its device to come back. */
  readonly updatePatienceMs: number;
  /** How long a device on TCP may take to answer the server's nonce (protocol section 2.1). */
  readonly tcpOfferTimeoutMs: number;
  /** How long it may take from then to its Hello. */
  readonly tcpHelloTimeoutMs: number;
  /** A frame that has begun must be complete within this time. */
  readonly tcpFrameTimeoutMs: number;
  /** A connection on TCP is closed after this much silence: two keep-alives of 15 s. */
  readonly tcpIdleMs: number;
  /** TCP connections at once that have not proven to be a device's, over all peers and from one IP address. */
  readonly maxTcpUnauthenticated: number;
  readonly maxTcpUnauthenticatedPerAddress: number;
  /** Bytes that a device on TCP may leave unread before its connection is closed. */
  readonly maxTcpUnreadBytes: number;
}

export const DEFAULT_SETTINGS: GatewaySettings = {
  commandTimeoutMs: seconds(30),
  greetingTimeoutMs: minutes(1),
  sessionIdleMs: days(3),
  sessionRenewMs: days(3),
  sweepMs: seconds(1),
  tickMs: 200,
  heardMs: seconds(5),
  maxHandshakes: 20_000,
  maxHandshakesPerAddress: 10_000,
  maxSessions: 1_000_000,
  updatePatienceMs: minutes(30),
  tcpOfferTimeoutMs: seconds(30),
  tcpHelloTimeoutMs: seconds(10),
  tcpFrameTimeoutMs: seconds(10),
  tcpIdleMs: seconds(31),
  maxTcpUnauthenticated: 5000,
  maxTcpUnauthenticatedPerAddress: 500,
  maxTcpUnreadBytes: 256 * 1024,
};
