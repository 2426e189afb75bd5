import uPlot from 'uplot';
import { chartColors, type SeriesColor } from './chart-colors.ts';
import type { Zone } from './zone.ts';

export interface ChartSeries {
  /** What it counts, such as "online". */
  readonly label: string;
  readonly color: SeriesColor;
  readonly values: readonly number[];
  /** `steps` for what holds until the next point, `bars` for what was counted in a time. */
  readonly shape: 'steps' | 'bars';
}

export interface ChartSettings {
  /** px */
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  readonly zone: Zone;
  readonly series: readonly ChartSeries[];
  /** Told which point is below the pointer; null for none. */
  onIndex(index: number | null): void;
}

/** @returns what the library takes: times in seconds, then the values of each series. @param times wall times in ms */
export function dataOf(times: readonly number[], series: readonly ChartSeries[]): uPlot.AlignedData {
  return [times.map((time) => time / 1000), ...series.map(({ values }) => [...values])];
}

/** How counts over time are drawn. */
export function chartOptions({ width, height, scheme, zone, series, onIndex }: ChartSettings): uPlot.Options {
  const colors = chartColors(scheme);
  const axis: uPlot.Axis = {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid, width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const hasBars = series.some(({ shape }) => shape === 'bars');
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    hooks: { setCursor: [({ cursor }) => onIndex(cursor.idx ?? null)] },
    ...(zone === 'utc' && { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') }),
    scales: {
      // The last bar stands behind its begin.
      x: {
        range: ({ data: [times] }, least, most) => [least, most + (hasBars ? (times[1] ?? 0) - (times[0] ?? 0) : 0)],
      },
      y: { range: (_chart, _least, most) => [0, Math.max(1, Math.ceil(most * 1.1))] },
    },
    axes: [
      {
        ...axis,
        space: 70,
        size: 32,
        values: (_chart, splits) => splits.map((seconds) => tickText(seconds * 1000, zone)),
      },
      {
        ...axis,
        size: 48,
        incrs: [1, 2, 5]
          .flatMap((one) => [0, 1, 2, 3, 4, 5, 6].map((power) => one * 10 ** power))
          .toSorted((one, other) => one - other),
      },
    ],
    series: [{}, ...series.map(({ label, color, shape }) => seriesOf(label, colors.series[color], shape))],
  };
}

function seriesOf(label: string, stroke: string, shape: ChartSeries['shape']): uPlot.Series {
  const bars = shape === 'bars';
  const paths = bars ? uPlot.paths.bars?.({ size: [0.7, 24], align: 1 }) : uPlot.paths.stepped?.({ align: 1 });
  return {
    label,
    stroke,
    fill: `${stroke}${bars ? 'b0' : '30'}`,
    width: bars ? 0 : 2,
    points: { show: false },
    ...(paths && { paths }),
  };
}

/** What stands below the axis: the day at midnight, else the time of day. */
function tickText(ms: number, zone: Zone): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...timeZone }).format(ms);
  if (time !== '00:00') return time;
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...timeZone }).format(ms);
}
