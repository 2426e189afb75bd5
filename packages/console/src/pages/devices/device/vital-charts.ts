import type { VitalsSummary } from './device-api.ts';

type Sample = VitalsSummary['samples'][number];
type Measure = 'signalStrength' | 'signalQuality' | 'memoryUsed' | 'batteryCharge' | 'roundTripTime';

export interface VitalChart {
  readonly measure: Measure;
  readonly title: string;
  readonly unit: string;
  /** Wall times in ms, the begin of each part of the time. */
  readonly times: readonly number[];
  /** The average in each; null where there was nothing. */
  readonly values: readonly (number | null)[];
}

const CHARTS: readonly {
  readonly measure: Measure;
  readonly title: string;
  readonly unit: string;
  readonly by: number;
}[] = [
  { measure: 'signalStrength', title: 'Signal strength', unit: '%', by: 1 },
  { measure: 'signalQuality', title: 'Signal quality', unit: '%', by: 1 },
  { measure: 'memoryUsed', title: 'Memory used', unit: 'KiB', by: 1024 },
  { measure: 'batteryCharge', title: 'Battery charge', unit: '%', by: 1 },
  { measure: 'roundTripTime', title: 'Round trip', unit: 'ms', by: 1 },
];

/** @returns a chart for each measure that the device has sent in that time */
export function vitalCharts({ samples }: VitalsSummary): VitalChart[] {
  const times = samples.map(({ timestamp }) => Date.parse(timestamp));
  return CHARTS.flatMap(({ measure, title, unit, by }) => {
    const values = samples.map((sample) => averageOf(sample, measure, by));
    return values.every((value) => value === null) ? [] : [{ measure, title, unit, times, values }];
  });
}

function averageOf(sample: Sample, measure: Measure, by: number): number | null {
  const spread = sample[measure];
  return spread === null ? null : Math.round((spread.avg / by) * 100) / 100;
}

/** @returns what the chart shows, for people who hear it */
export function chartInWords({ title, unit, values }: VitalChart): string {
  const numbers = values.filter((value) => value !== null);
  const last = numbers.at(-1);
  if (last === undefined) return `${title}: nothing was measured`;
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${title}: between ${least} and ${most} ${unit}, ${last} ${unit} at last`;
}

/** @returns how often the device went offline in each part of the time, as a chart of its own. @param gone wall times in ms */
export function disconnects(gone: readonly number[], { samples, bucketSize }: VitalsSummary): number[] {
  return samples.map(({ timestamp }) => {
    const begin = Date.parse(timestamp);
    return gone.filter((at) => at >= begin && at < begin + bucketSize).length;
  });
}
