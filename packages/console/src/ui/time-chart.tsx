import { Box, Group, Text, useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartColors } from './chart-colors.ts';
import { type ChartSeries, chartOptions, dataOf } from './chart-options.ts';
import { useZone } from './time.tsx';
import { absoluteTime } from './time-text.ts';

export interface TimeChartProps {
  /** What is shown, for people who hear it and as the heading of its table. */
  readonly label: string;
  /** Wall times in ms, in order; of bars the begin of each. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** px */
  readonly height?: number;
}

/** Counts over time: a chart for those who see, a table for those who hear. The line above it says the last point, or the one below the pointer. */
export function TimeChart({ label, times, series, height = 160 }: TimeChartProps) {
  const { ref, width } = useElementSize();
  const target = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const scheme = useComputedColorScheme('light');
  const zone = useZone();
  const [index, setIndex] = useState<number | null>(null);
  const data = useMemo(() => dataOf(times, series), [times, series]);
  // What changes with the data is given to the chart that is there; it is made anew only for other lines, colours or sizes.
  const latest = useRef({ data, series });
  latest.current = { data, series };
  const kinds = series.map(({ label: name, color, shape }) => `${name} ${color} ${shape}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `kinds` stands for what of the series matters here
  useEffect(() => {
    if (target.current === null || width === 0) return undefined;
    const { series: lines, data: first } = latest.current;
    const options = chartOptions({ width, height, scheme, zone, series: lines, onIndex: setIndex });
    const made = new uPlot(options, first, target.current);
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [width, height, scheme, zone, kinds]);
  useEffect(() => chart.current?.setData(data), [data]);

  const at = index !== null && index < times.length ? index : times.length - 1;
  const time = times[at];
  return (
    <Box>
      <Group gap="md" mb={4} aria-hidden mih={22}>
        {series.map(({ label: name, color, values }) => (
          <Group key={name} gap={6} wrap="nowrap">
            <Box w={10} h={10} bg={chartColors(scheme).series[color]} style={{ borderRadius: 2 }} />
            <Text size="sm">
              {(values[at] ?? 0).toLocaleString('en')} {name}
            </Text>
          </Group>
        ))}
        <Text size="sm" c="dimmed">
          {time !== undefined && absoluteTime(time, zone)}
        </Text>
      </Group>
      <div ref={ref} style={{ overflow: 'hidden', height }} aria-hidden>
        <div ref={target} />
      </div>
      <VisuallyHidden>
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {series.map(({ label: name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((one, row) => (
              <tr key={one}>
                <th scope="row">{absoluteTime(one, zone)}</th>
                {series.map(({ label: name, values }) => (
                  <td key={name}>{values[row] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Box>
  );
}
