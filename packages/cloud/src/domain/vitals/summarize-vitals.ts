import type { Ambient } from '../context.ts';
import type { DevicePast } from '../devices/index.ts';
import { limitOf, type VitalsLimit } from './vitals-metadata.ts';
import { numberAt, type VitalsPath, valueAt } from './vitals-places.ts';
import type { VitalsRange } from './vitals-range.ts';
import { findVitals, type VitalsRecord } from './vitals-store.ts';

/** Of a part of the time no more records are looked at, the newest: a device that sends many has less of them in its summary, and costs no more. */
const MOST_RECORDS = 200;
const MOST_WARNINGS = 10;

const MEASURES = {
  signalStrength: 'device.network.signal.strength',
  signalStrengthValue: 'device.network.signal.strengthv',
  signalQuality: 'device.network.signal.quality',
  roundTripTime: 'device.cloud.coap.round_trip',
  memoryUsed: 'device.system.memory.used',
  batteryCharge: 'device.power.battery.charge',
} as const satisfies Readonly<Record<string, VitalsPath>>;

type Measure = keyof typeof MEASURES;

interface Spread {
  readonly max: number;
  readonly min: number;
  readonly avg: number;
  readonly med: number;
  readonly warnings: readonly { readonly at: number; readonly value: number; readonly range: VitalsLimit }[];
}

/** What the vitals of a part of the time said; null where they said nothing. */
export interface VitalsSample {
  /** Its begin, ms UTC. */
  readonly at: number;
  readonly batteryCharging: boolean | null;
  readonly batteryConnected: boolean | null;
  readonly measures: Readonly<Record<Measure, Spread | null>>;
}

interface VitalsSummary extends VitalsRange {
  /** ms */
  readonly bucketSize: number;
  /** Bytes of memory that the device has, as it said last. */
  readonly memoryAvailable: number | null;
  readonly hasBattery: boolean;
  readonly samples: readonly VitalsSample[];
}

/** The vitals of a device in so many equal parts of the time, oldest first. @param parts 1 to 100 */
export async function summarizeVitals(
  { store }: Pick<Ambient, 'store'>,
  { device, since }: DevicePast,
  { start, end }: VitalsRange,
  parts: number,
): Promise<VitalsSummary> {
  const bucketSize = Math.max(1, Math.ceil((end - start) / parts));
  const samples: VitalsSample[] = [];
  let memoryAvailable: number | null = null;
  let hasBattery = false;
  for (let at = start; at < end; at += bucketSize) {
    const range = { start: Math.max(at, since), end: Math.min(end, at + bucketSize) };
    const records =
      range.start < range.end
        ? await findVitals(store.history, device.id, range, { order: 'desc', limit: MOST_RECORDS })
        : [];
    const sample = sampleOf(at, records);
    samples.push(sample);
    hasBattery ||= sample.measures.batteryCharge !== null || sample.batteryConnected === true;
    memoryAvailable = firstNumber(records, 'device.system.memory.total') ?? memoryAvailable;
  }
  return { start, end, bucketSize, memoryAvailable, hasBattery, samples };
}

/** @param records newest first */
function sampleOf(at: number, records: readonly VitalsRecord[]): VitalsSample {
  const [state] = records
    .map(({ payload }) => valueAt(payload, 'device.power.battery.state'))
    .filter((value) => typeof value === 'string');
  const known = state !== undefined && state !== 'unknown';
  return {
    at,
    batteryCharging: known ? state === 'charging' : null,
    batteryConnected: known ? state !== 'disconnected' : null,
    measures: {
      signalStrength: spreadOf(records, MEASURES.signalStrength),
      signalStrengthValue: spreadOf(records, MEASURES.signalStrengthValue),
      signalQuality: spreadOf(records, MEASURES.signalQuality),
      roundTripTime: spreadOf(records, MEASURES.roundTripTime),
      memoryUsed: spreadOf(records, MEASURES.memoryUsed),
      batteryCharge: spreadOf(records, MEASURES.batteryCharge),
    },
  };
}

function spreadOf(records: readonly VitalsRecord[], path: VitalsPath): Spread | null {
  const values: number[] = [];
  const warnings: { at: number; value: number; range: VitalsLimit }[] = [];
  const range = limitOf(path);
  for (const record of records) {
    const value = numberAt(record.payload, path);
    if (value === undefined) continue;
    values.push(value);
    if (range !== undefined && warnings.length < MOST_WARNINGS && exceeds(record, value, range)) {
      warnings.push({ at: record.at, value, range });
    }
  }
  if (values.length === 0) return null;
  values.sort((one, other) => one - other);
  const sum = values.reduce((total, value) => total + value, 0);
  const middle = values.length / 2;
  const low = values[Math.ceil(middle) - 1] ?? 0;
  const high = values[Math.floor(middle)] ?? 0;
  return {
    max: values.at(-1) ?? 0,
    min: values[0] ?? 0,
    avg: rounded(sum / values.length),
    med: rounded((low + high) / 2),
    warnings,
  };
}

function exceeds({ payload }: VitalsRecord, value: number, limit: VitalsLimit): boolean {
  switch (limit.type) {
    case 'below':
      return value < limit.warning;
    case 'above':
      return value > limit.warning;
    case 'ratio_above': {
      const part = numberAt(payload, limit.param1);
      const whole = numberAt(payload, limit.param2);
      return part !== undefined && whole !== undefined && whole > 0 && part / whole > limit.ratio;
    }
  }
}

function firstNumber(records: readonly VitalsRecord[], path: VitalsPath): number | undefined {
  for (const { payload } of records) {
    const value = numberAt(payload, path);
    if (value !== undefined) return value;
  }
  return undefined;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
