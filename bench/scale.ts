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
};
/** About a minute. */
export const QUICK: Scale = {
  sessions: [200, 2000],
  seconds: 2,
  repeats: 1,
  handshakes: 800,
  calls: 400,
  sseEvents: 2000,
  tcpSessions: 100,
  storm: 1000,
};
