/** How long and how much a run measures. */
export interface Scale {
  readonly sessions: readonly number[];
  /** Seconds of each measured stretch. */
  readonly seconds: number;
  /** Repeats of which the median counts. */
  readonly repeats: number;
  readonly handshakes: number;
  readonly calls: number;
  /** Readers of an event stream, one measurement each. */
  readonly sseReaders: readonly number[];
  /** Events times readers of each. */
  readonly sseDeliveries: number;
  /** Sessions over TCP. */
  readonly tcpSessions: number;
  /** Devices that come back at once. */
  readonly storm: number;
  /** Devices that get firmware at once, one measurement each. */
  readonly updates: readonly number[];
  /** Devices that get a released version, and the bytes of its image. */
  readonly fleetUpdate: { readonly devices: number; readonly imageBytes: number };
  /** Events in the log whose history is read, and how often each read is measured. */
  readonly history: { readonly events: number; readonly rounds: number };
  /** How long the console's page of events is measured. */
  readonly eventPageSeconds: number;
  /** Starts of `chamber`, and of its peers. */
  readonly chamberStarts: number;
  /** How long sessions rest before their memory is measured. */
  readonly idleSeconds: number;
}

export const FULL: Scale = {
  sessions: [200, 2000, 10_000],
  seconds: 5,
  repeats: 3,
  handshakes: 3000,
  calls: 2000,
  sseReaders: [100, 1000],
  sseDeliveries: 1_000_000,
  tcpSessions: 200,
  storm: 5000,
  updates: [1, 10, 100],
  fleetUpdate: { devices: 1000, imageBytes: 262_144 },
  history: { events: 10_000_000, rounds: 300 },
  eventPageSeconds: 120,
  chamberStarts: 60,
  idleSeconds: 12,
};
/** About two minutes, most of them for the console's page of events. */
export const QUICK: Scale = {
  sessions: [200, 500],
  seconds: 1,
  repeats: 1,
  handshakes: 300,
  calls: 200,
  sseReaders: [100, 1000],
  sseDeliveries: 50_000,
  tcpSessions: 30,
  storm: 200,
  updates: [1],
  fleetUpdate: { devices: 100, imageBytes: 65_536 },
  history: { events: 50_000, rounds: 30 },
  eventPageSeconds: 30,
  chamberStarts: 15,
  idleSeconds: 6,
};
