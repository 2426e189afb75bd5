import type { Load } from '../load.ts';
import type { Flooded, Made, Paced } from '../load-process.ts';
import { parallel } from '../parallel.ts';
import { median } from '../percentile.ts';
import type { Scale } from '../scale.ts';
import type { ServerProcess } from '../server-process.ts';
import { type BareLimit, measureBareLimit } from './bare-limit.ts';

export interface FloodFigures {
  readonly sessions: number;
  readonly perSecond: number;
  readonly cpuMicros: number;
  /** To the ACK, at half of `perSecond`, in ms. */
  readonly p50: number;
  readonly p99: number;
}

export interface PublishFigures extends FloodFigures {
  /** The machine's own limit with as many sockets, measured beside it. */
  readonly bare: BareLimit;
}

const IN_FLIGHT = 256;
const REGISTRATIONS = 16;

/** Makes devices, registers and claims them; they are not connected yet. */
export async function registerDevices(
  server: ServerProcess,
  load: Load,
  count: number,
  first: number,
  target = server.udp,
): Promise<void> {
  const { devices } = await load.tell<Made>({ do: 'make', count, first, target });
  await parallel(devices, REGISTRATIONS, (device) => server.register(device));
}

/** As devices do it: a handshake and its Hello, one device after the other. */
export async function connectDevices(load: Load): Promise<void> {
  await load.tell({ do: 'connect', concurrency: 32 });
}

/** Durable confirmable publishes: what the cloud takes at most, its CPU for each, and the time to the ACK at half of that. */
export async function measurePublish(
  server: ServerProcess,
  load: Load,
  sessions: number,
  scale: Scale,
): Promise<PublishFigures> {
  const bare = await measureBareLimit(scale.seconds, sessions, Math.min(IN_FLIGHT, sessions));
  return { bare, ...(await measureFlood(server, load, sessions, scale)) };
}

/** The same without the limit beside it. */
export async function measureFlood(
  server: ServerProcess,
  load: Load,
  sessions: number,
  scale: Scale,
): Promise<FloodFigures> {
  const inFlight = Math.min(IN_FLIGHT, sessions);
  await load.tell({ do: 'flood', seconds: 1, inFlight });
  const rates: number[] = [];
  const costs: number[] = [];
  for (let repeat = 0; repeat < scale.repeats; repeat++) {
    const before = await server.figures();
    const flooded = await load.tell<Flooded>({ do: 'flood', seconds: scale.seconds, inFlight });
    const after = await server.figures();
    rates.push(flooded.publishes / flooded.seconds);
    costs.push(((after.cpuSeconds - before.cpuSeconds) * 1e6) / flooded.publishes);
  }
  const perSecond = median(rates);
  const paced = await load.tell<Paced>({ do: 'pace', seconds: scale.seconds, perSecond: perSecond / 2 });
  return { sessions, perSecond, cpuMicros: median(costs), p50: paced.p50, p99: paced.p99 };
}
