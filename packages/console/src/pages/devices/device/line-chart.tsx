import { Box, Group, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartColors } from '../../../ui/chart-colors.ts';
import { useZone } from '../../../ui/time.tsx';
import { absoluteTime } from '../../../ui/time-text.ts';

const HEIGHT_PX = 120;

export interface LineChartProps {
  readonly title: string;
  readonly unit: string;
  /** The same for people who hear it. */
  readonly inWords: string;
  /** Wall times in ms, in order. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  /** `bars` for what was counted in a part of the time. */
  readonly shape?: 'line' | 'bars';
}

/** A small chart of one measure; the line above says the last value, or the one below the pointer. */
export function LineChart({ title, unit, inWords, times, values, shape = 'line' }: LineChartProps) {
  const { ref, width } = useElementSize();
  const target = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const zone = useZone();
  const [index, setIndex] = useState<number | null>(null);
  useEffect(() => {
    const element = target.current;
    if (element === null || width === 0) return undefined;
    const colors = chartColors(scheme);
    const axis: uPlot.Axis = {
      stroke: colors.text,
      grid: { stroke: colors.grid, width: 1 },
      ticks: { stroke: colors.grid, width: 1 },
      font: '11px system-ui, sans-serif',
    };
    const stroke = colors.series.plain;
    const bars = shape === 'bars' ? uPlot.paths.bars?.({ size: [0.7, 24] }) : undefined;
    const chart = new uPlot(
      {
        width,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        hooks: { setCursor: [({ cursor }) => setIndex(cursor.idx ?? null)] },
        ...(zone === 'utc' && { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') }),
        scales: { y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          { ...axis, space: 60 },
          { ...axis, size: 44, space: 30 },
        ],
        series: [
          {},
          {
            stroke,
            fill: `${stroke}${shape === 'bars' ? 'b0' : '20'}`,
            width: shape === 'bars' ? 0 : 2,
            spanGaps: false,
            points: { show: shape === 'line', size: 4, fill: stroke },
            ...(bars && { paths: bars }),
          },
        ],
      },
      [times.map((time) => time / 1000), [...values]],
      element,
    );
    return () => chart.destroy();
  }, [width, scheme, zone, times, values, shape]);

  const at = index !== null && index < times.length ? index : values.findLastIndex((value) => value !== null);
  const [value, time] = [values[at], times[at]];
  return (
    <Box style={{ minWidth: 0 }}>
      <Group justify="space-between" gap="xs" mih={22}>
        <Title order={3} size="h6">
          {title}
        </Title>
        <Text size="xs" aria-hidden>
          {value === null || value === undefined ? 'nothing' : `${value.toLocaleString('en')} ${unit}`}
          <Text span inherit c="dimmed">
            {time !== undefined && ` · ${absoluteTime(time, zone)}`}
          </Text>
        </Text>
      </Group>
      <div ref={ref} role="img" aria-label={inWords} style={{ overflow: 'hidden', height: HEIGHT_PX }}>
        <div ref={target} />
      </div>
    </Box>
  );
}
