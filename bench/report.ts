import { cpus, release, totalmem, type } from 'node:os';
import { type ApiFigures, type ApiReport, PACE } from './cases/api.ts';
import type { ChamberStartFigures } from './cases/chamber-start.ts';
import type { EventPageFigures } from './cases/event-page.ts';
import type { FirmwareFigures } from './cases/firmware.ts';
import type { FleetUpdateFigures } from './cases/fleet-update.ts';
import type { CallFigures } from './cases/function-call.ts';
import type { HandshakeFigures } from './cases/handshake.ts';
import type { HistoryFigures, HistoryTimes } from './cases/history.ts';
import type { MemoryFigures } from './cases/memory.ts';
import type { FloodFigures, PublishFigures } from './cases/publish.ts';
import type { SseFigures } from './cases/sse.ts';
import type { StormFigures } from './cases/storm.ts';
import type { WebhookFigures } from './cases/webhooks.ts';
import type { WireSizes } from './cases/wire-size.ts';
import { markdownTable } from './markdown-table.ts';

export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly publish: readonly PublishFigures[];
  readonly tcp: FloodFigures;
  readonly handshake: HandshakeFigures;
  readonly storm: StormFigures;
  readonly memory: MemoryFigures;
  readonly call: CallFigures;
  readonly sse: readonly SseFigures[];
  readonly api: ApiReport;
  readonly webhooks: WebhookFigures;
  readonly firmware: readonly FirmwareFigures[];
  readonly fleetUpdate: FleetUpdateFigures;
  readonly history: readonly HistoryFigures[];
  /** Absent where there is no Chromium. */
  readonly eventPage?: EventPageFigures;
  readonly chamberStart: ChamberStartFigures;
  readonly wire: readonly WireSizes[];
}

export interface Row {
  readonly measure: string;
  readonly value: string;
  readonly beside: string;
  /** Undefined where there is no target. */
  readonly met?: boolean;
}

const MICROS_TARGET = 60;
const RATIO_TARGET = 2;
const HANDSHAKE_TARGET = 700;
/** Of the CPU of a bare route; for one device. */
const API_RATIO_TARGET = 2.5;
const MEMORY_TARGET = 4096;
const GROWTH_TARGET = 25;
/** Of a frame in the browser, p95, ms. */
const FRAME_TARGET = 20;
/** Of the page's heap from a full log on, bytes: in two minutes less than 20 for each event. */
const HEAP_GROWTH_TARGET = 2_000_000;

/** Of a bare Node and a request. */
const START_TARGET = 1.3;

/** Which machine these figures are from. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory}, ${type()} ${release()}, Node ${process.versions.node}`;
}

/** Every figure with its limit or target beside it. */
export function rowsOf(report: Report): Row[] {
  const { publish, tcp, handshake, storm, memory, call, sse, api, firmware } = report;
  const rows: Row[] = publish.flatMap(publishRows);
  const [smallest, largest] = [publish[0], publish.at(-1)];
  if (smallest && largest && smallest !== largest) {
    const growth = (largest.cpuMicros / smallest.cpuMicros - 1) * 100;
    rows.push({
      measure: `CPU per publish, ${count(smallest.sessions)} to ${count(largest.sessions)} sessions`,
      value: `${growth >= 0 ? '+' : ''}${growth.toFixed(0)} %`,
      beside: `target ≤ +${GROWTH_TARGET} %`,
      met: growth <= GROWTH_TARGET,
    });
  }
  rows.push(
    {
      measure: `durable confirmable publishes over TCP, ${count(tcp.sessions)} sessions`,
      value: `${count(tcp.perSecond)}/s, ${micros(tcp.cpuMicros)} CPU`,
      beside: `p50 ${tcp.p50.toFixed(2)} ms, p99 ${tcp.p99.toFixed(2)} ms at half that rate`,
    },
    {
      measure: 'full DTLS handshakes',
      value: `${count(handshake.perSecond)}/s, ${micros(handshake.cpuMicros)} CPU`,
      beside: `target ≤ ${HANDSHAKE_TARGET} µs`,
      met: handshake.cpuMicros <= HANDSHAKE_TARGET,
    },
    {
      measure: `${count(storm.devices)} devices at once, all with full handshakes, until the last is in`,
      value: `${storm.seconds.toFixed(1)} s, ${micros(storm.cpuMicros)} CPU each`,
      beside: '',
    },
    {
      measure: `resident memory per idle session, ${count(memory.sessions)} sessions`,
      value: `${(memory.bytesPerSession / 1024).toFixed(1)} KB`,
      beside: `target ≤ ${MEMORY_TARGET / 1024} KB`,
      met: memory.bytesPerSession <= MEMORY_TARGET,
    },
    {
      measure: 'function call over REST, round trip',
      value: `p50 ${call.p50.toFixed(2)} ms, p99 ${call.p99.toFixed(2)} ms`,
      beside: '',
    },
    ...sse.map(({ readers, perSecond, cpuMicros, bareMicros }) => ({
      measure: `events to ${count(readers)} SSE readers, published over HTTP`,
      value: `${count(perSecond)}/s, ${micros(cpuMicros)} CPU each`,
      beside: `${(cpuMicros / bareMicros).toFixed(2)} × a bare \`res.write\` of ${micros(bareMicros)}`,
    })),
  );
  rows.push(...apiRows(api));
  rows.push(...webhookRows(report.webhooks));
  const limit = publish[0]?.bare.cpuMicros ?? Number.NaN;
  for (const { devices, seconds, bytesPerSecond, cpuMicrosPerChunk } of firmware) {
    rows.push({
      measure: `1 MB of firmware by OTA v3 to ${count(devices)} ${devices === 1 ? 'device' : 'devices'}`,
      value: `${seconds.toFixed(1)} s, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s, ${micros(cpuMicrosPerChunk)} CPU a chunk`,
      beside: `${(cpuMicrosPerChunk / limit).toFixed(2)} × the limit of a datagram each way`,
    });
  }
  return [
    ...rows,
    ...fleetUpdateRows(report.fleetUpdate),
    ...report.history.flatMap(historyRows),
    ...eventPageRows(report.eventPage),
    ...chamberStartRows(report.chamberStart),
  ];
}

function chamberStartRows({ chamber, bare, request, bareRequest, rounds }: ChamberStartFigures): Row[] {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const limit = bare + request;
  return [
    {
      measure: `\`node -e 0\` and one request by a process that runs (the limit), median of ${rounds}`,
      value: `${ms(bare)} + ${ms(request)}`,
      beside: '1.00 ×',
    },
    {
      measure: '`chamber list --json`, start to end',
      value: ms(chamber),
      beside: `${(chamber / limit).toFixed(2)} × the limit; target ≤ ${START_TARGET} ×; ${(chamber / bareRequest).toFixed(2)} × a Node program that makes the request (${ms(bareRequest)})`,
      met: chamber <= START_TARGET * limit,
    },
  ];
}

function eventPageRows(figures: EventPageFigures | undefined): Row[] {
  if (figures === undefined)
    return [{ measure: 'the console’s page of events', value: 'no Chromium here', beside: '' }];
  const { perSecond, seconds, frame, heapBytes } = figures;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const growth = heapBytes.after - heapBytes.before;
  return [
    {
      measure: `the console’s page of events at ${count(perSecond)} events/s for ${seconds} s: a frame, by Chromium’s trace`,
      value: `p50 ${frame.p50.toFixed(1)} ms, p95 ${frame.p95.toFixed(1)} ms`,
      beside: `target p95 ≤ ${FRAME_TARGET} ms; worst of ${count(frame.count)}: ${frame.worst.toFixed(0)} ms; ${count(frame.drawn)} drawn`,
      met: frame.p95 <= FRAME_TARGET,
    },
    {
      measure: '  its JavaScript heap after that, garbage collected',
      value: `${megabytes(heapBytes.after)}, ${growth >= 0 ? '+' : ''}${megabytes(growth)}`,
      beside: `target ≤ +${megabytes(HEAP_GROWTH_TARGET)} on ${megabytes(heapBytes.before)} when the log was full`,
      met: growth <= HEAP_GROWTH_TARGET,
    },
  ];
}

function fleetUpdateRows(figures: FleetUpdateFigures): Row[] {
  const { devices, imageBytes, seconds, cpuSeconds, restingBytes, peakBytes, downBytes, upBytes, bare } = figures;
  const payload = devices * imageBytes;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const share = (payload / (downBytes + upBytes)) * 100;
  const what = `${Math.round(imageBytes / 1024)} KB to ${count(devices)} devices`;
  return [
    {
      measure: `as many datagrams of the same size between bare sockets as in the next (the limit)`,
      value: `${bare.seconds.toFixed(1)} s, ${bare.cpuSeconds.toFixed(1)} s CPU`,
      beside: '1.00 ×',
    },
    {
      measure: `a release of ${what}, until the last runs it`,
      value: `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s CPU, ${(payload / seconds / 1e6).toFixed(1)} MB/s of firmware`,
      beside: `${(seconds / bare.seconds).toFixed(2)} × the time and ${(cpuSeconds / bare.cpuSeconds).toFixed(2)} × the CPU of that`,
    },
    {
      measure: '  share of the link: firmware of all bytes down and up, with IPv4 and UDP headers',
      value: `${share.toFixed(0)} %`,
      beside: `${megabytes(payload)} of ${megabytes(downBytes)} down and ${megabytes(upBytes)} up`,
    },
    {
      measure: '  resident memory at most',
      value: megabytes(peakBytes),
      beside: `${megabytes(restingBytes)} before, with the same devices connected`,
    },
  ];
}

function historyRows({ engine, events, bare, queries, pruning }: HistoryFigures): Row[] {
  const row = ({ what, p50, p99 }: HistoryTimes, beside: string): Row => ({
    measure: `${engine}, ${count(events)} events: ${what}`,
    value: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
    beside,
  });
  const { deleted, perSecond, idle, meanwhile } = pruning;
  return [
    row(bare, '1.00 ×'),
    ...queries.map((times) => row(times, `${(times.p50 / bare.p50).toFixed(2)} × the p50 of the bare select`)),
    row(idle, ''),
    row(meanwhile, `${count(deleted)} deleted, ${count(perSecond)}/s`),
  ];
}

function apiRows({ bare, requests }: ApiReport): Row[] {
  const row = ({ what, perSecond, cpuMicros, pacedCpuMicros }: ApiFigures, beside: string): Row => ({
    measure: what,
    value: `${count(perSecond)}/s, ${micros(cpuMicros)} CPU; at ${count(PACE)}/s ${micros(pacedCpuMicros)}`,
    beside,
  });
  const others = requests.map((figures, at): Row => {
    const ratio = figures.cpuMicros / bare.cpuMicros;
    const paced = figures.pacedCpuMicros / bare.pacedCpuMicros;
    const beside = `${ratio.toFixed(2)} × the CPU of the bare route, at ${count(PACE)}/s ${paced.toFixed(2)} ×`;
    if (at > 0) return row(figures, beside);
    return { ...row(figures, `${beside}; target ≤ ${API_RATIO_TARGET} ×`), met: ratio <= API_RATIO_TARGET };
  });
  return [row(bare, '1.00 ×'), ...others];
}

function webhookRows({ bare, appended, delivered }: WebhookFigures): Row[] {
  const rate = ({ perSecond, cpuMicros }: WebhookFigures['bare']) => `${count(perSecond)}/s, ${micros(cpuMicros)} CPU`;
  const limit = bare.cpuMicros + appended.cpuMicros;
  return [
    {
      measure: 'requests to an endpoint that answers at once, nothing else (the limit)',
      value: rate(bare),
      beside: '',
    },
    { measure: 'durable publishes of devices without a webhook, just before', value: rate(appended), beside: '' },
    {
      measure: 'durable publishes of devices, each delivered to that endpoint by a webhook',
      value: rate(delivered),
      beside: `${(delivered.cpuMicros / limit).toFixed(2)} × the CPU of both above`,
    },
  ];
}

function publishRows(figures: PublishFigures): Row[] {
  const { sessions, bare, perSecond, cpuMicros, p50, p99 } = figures;
  const ratio = cpuMicros / bare.cpuMicros;
  return [
    {
      measure: `bare UDP echo with AES-CCM both ways, ${count(sessions)} sockets (the limit)`,
      value: `${count(bare.perSecond)}/s, ${micros(bare.cpuMicros)} CPU`,
      beside: '1.00 ×',
    },
    {
      measure: `durable confirmable publishes, ${count(sessions)} sessions`,
      value: `${count(perSecond)}/s, ${micros(cpuMicros)} CPU`,
      beside: `${ratio.toFixed(2)} × the limit; target ≤ ${MICROS_TARGET} µs and ≤ ${RATIO_TARGET.toFixed(1)} ×`,
      met: cpuMicros <= MICROS_TARGET && ratio <= RATIO_TARGET,
    },
    {
      measure: `  time to the ACK at half that rate`,
      value: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
      beside: '',
    },
  ];
}

/** The rows as a Markdown table, as the README quotes it. */
export function printTable(report: Report): string {
  const rows = rowsOf(report).map(({ measure, value, beside, met }) => [
    measure,
    value,
    `${beside}${met === undefined ? '' : met ? ' (met)' : ' (missed)'}`,
  ]);
  return markdownTable([['Measured', 'Value', 'Beside it'], ...rows]);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function micros(value: number): string {
  return `${value.toFixed(1)} µs`;
}
