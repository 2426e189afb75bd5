import type { ConnectionEnd } from './connection-end.ts';

/**
 * What a device is doing about its connection: nothing (`offline`); a full `handshaking` or `resuming` of the kept session; `introducing` itself with Hello,
 * Describe and subscriptions; `connected` once all of that is acknowledged; `waiting` before it tries again.
 */
export type DeviceState = 'offline' | 'handshaking' | 'resuming' | 'introducing' | 'connected' | 'waiting';

export interface StateChange {
  readonly state: DeviceState;
  /** With `waiting` and `offline`: why the connection, or the attempt, ended. */
  readonly end?: ConnectionEnd;
  /** The same in words. */
  readonly explanation?: string;
}

/** What a device has done since it was made. */
export interface DeviceStats {
  /** Attempts to connect, full handshakes that succeeded, and resumes that the server answered. */
  attempts: number;
  handshakes: number;
  resumes: number;
  /** Connections that were lost. */
  disconnects: number;
  /** Events that the server acknowledged, and events that failed. */
  published: number;
  publishFailures: number;
  calls: number;
  reads: number;
  events: number;
  /** Firmware files that were applied. */
  updates: number;
  /** CoAP messages sent, repeats among them, and messages given up. */
  transmitted: number;
  retransmitted: number;
  unacknowledged: number;
}

export function newStats(): DeviceStats {
  return {
    attempts: 0,
    handshakes: 0,
    resumes: 0,
    disconnects: 0,
    published: 0,
    publishFailures: 0,
    calls: 0,
    reads: 0,
    events: 0,
    updates: 0,
    transmitted: 0,
    retransmitted: 0,
    unacknowledged: 0,
  };
}
