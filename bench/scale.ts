/** How long and how much a run measures. */
export interface Scale {
  readonly sessions: readonly number[];
  /** Seconds of each measured stretch. */
  readonly seconds: number;
  /** Repeats of which the median counts. */
  readonly repeats: number;
  readonly handshakes: number;
  readonly calls: number;
  readonly sseEvents: number;
  /** Sessions over TCP. */
  readonly tcpSessions: number;
  /** Devices that come back at once. */
  readonly storm: number;
  /** Devices that get firmware at once, one measurement each. */
  readonly updates: readonly number[];
  /** How long sessions rest before their memory is measured. */
  readonly idleSeconds: number;
}

export const FULL: Scale = {
  sessions: [200, 2000, 10_000],
  seconds: 5,
  repeats: 3,
  handshakes: 3000,
  calls: 2000,
  sseEvents: 10_000,
  tcpSessions: 200,
  storm: 5000,
  updates: [1, 10, 100],
  idleSeconds: 12,
};
/** Under a minute. */
export const QUICK: Scale = {
  sessions: [200, 500],
  seconds: 1,
  repeats: 1,
  handshakes: 300,
  calls: 200,
  sseEvents: 500,
  tcpSessions: 30,
  storm: 200,
  updates: [1],
  idleSeconds: 6,
};
