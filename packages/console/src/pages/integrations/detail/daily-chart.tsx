import { Group, SegmentedControl, Stack, Text, useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Column, Rows } from '../../../ui/data-table.tsx';
import { useNow } from '../../../ui/time.tsx';
import { Section } from '../editor/section.tsx';
import { type DayCount, dailyCounts, sumCounts } from './daily-counts.ts';

const COLUMNS: readonly Column<DayCount>[] = [
  { title: 'Day (UTC)', cell: ({ date }) => date },
  { title: 'Sent', cell: ({ success }) => success.toLocaleString('en'), align: 'right' },
  { title: 'Failed', cell: ({ error }) => error.toLocaleString('en'), align: 'right' },
  { title: 'Skipped', cell: ({ sleep }) => sleep.toLocaleString('en'), align: 'right' },
];

/** Colours with a contrast of 3 to 1 or more against the page (WCAG 2.2, 1.4.11). */
const COLORS = {
  light: { sent: '#087f5b', failed: '#c92a2a', skipped: '#868e96', text: '#495057', grid: '#e9ecef' },
  dark: { sent: '#38d9a9', failed: '#ff8787', skipped: '#909296', text: '#b4bac1', grid: '#373a40' },
} as const;
const HEIGHT = 180;

/** Outcomes of each of the last 30 days, as a chart and as a table. */
export function DailyChart({ counters }: { readonly counters: readonly DayCount[] }) {
  const [view, setView] = useState('chart');
  const days = dailyCounts(counters, useNow());
  const { success, error, sleep } = sumCounts(days);
  const table = <Rows label="Requests by day" rows={days.toReversed()} keyOf={({ date }) => date} columns={COLUMNS} />;
  const about = `${success.toLocaleString('en')} sent, ${error.toLocaleString('en')} failed, ${sleep.toLocaleString('en')} skipped in the last 30 days. Every attempt counts.`;
  return (
    <Section title="Requests by day" about={about}>
      <Group justify="space-between">
        <Legend />
        <SegmentedControl
          size="xs"
          aria-label="How it is shown"
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
          value={view}
          onChange={setView}
        />
      </Group>
      {view === 'chart' ? (
        <>
          <Bars days={days} />
          <VisuallyHidden>{table}</VisuallyHidden>
        </>
      ) : (
        table
      )}
    </Section>
  );
}

function Legend() {
  const colors = COLORS[useComputedColorScheme('light')];
  const items = [
    ['Sent', colors.sent],
    ['Failed', colors.failed],
    ['Skipped', colors.skipped],
  ] as const;
  return (
    <Group gap="md">
      {items.map(([label, color]) => (
        <Group key={label} gap={6} wrap="nowrap">
          <span aria-hidden style={{ width: 12, height: 12, borderRadius: 2, background: color }} />
          <Text size="sm">{label}</Text>
        </Group>
      ))}
    </Group>
  );
}

function Bars({ days }: { readonly days: readonly DayCount[] }) {
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(measured, host);
  const scheme = useComputedColorScheme('light');
  const [hovered, setHovered] = useState<number | null>(null);
  const data = JSON.stringify(days);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `days` are new at every rendering, and `data` says whether they differ
  useEffect(() => {
    if (host.current === null || width === 0) return undefined;
    const chart = new uPlot(optionsOf(days, width, COLORS[scheme], setHovered), dataOf(days), host.current);
    return () => chart.destroy();
  }, [width, scheme, data]);
  const day = hovered === null ? undefined : days[hovered];
  return (
    <Stack gap={4} aria-hidden>
      <div ref={ref} style={{ height: HEIGHT, width: '100%', overflow: 'hidden' }} />
      <Text size="xs" c="dimmed" ta="right" mih={18}>
        {day !== undefined && `${day.date}: ${day.success} sent, ${day.error} failed, ${day.sleep} skipped`}
      </Text>
    </Stack>
  );
}

/** Bars that stand on each other: the highest is drawn first, and the lower ones over it. */
function dataOf(days: readonly DayCount[]): uPlot.AlignedData {
  return [
    days.map((_, at) => at),
    days.map(({ success, error, sleep }) => success + error + sleep),
    days.map(({ success, error }) => success + error),
    days.map(({ success }) => success),
  ];
}

function optionsOf(
  days: readonly DayCount[],
  width: number,
  colors: (typeof COLORS)['light' | 'dark'],
  onHover: (at: number | null) => void,
): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.7, 40] });
  const series = (fill: string): uPlot.Series => ({
    fill,
    width: 0,
    points: { show: false },
    ...(bars !== undefined && { paths: bars }),
  });
  const axis = { stroke: colors.text, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const label = (at: number) => days[at]?.date.slice(5) ?? '';
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.6, days.length - 0.4] },
      y: { range: (_, _low, high) => [0, Math.max(4, Math.ceil(high * 1.05))] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        space: 56,
        incrs: [1, 2, 5, 7, 10],
        values: (_, splits) => splits.map(label),
      },
      {
        ...axis,
        grid: { stroke: colors.grid, width: 1 },
        size: 52,
        incrs: [1, 2, 5, 10, 50, 100, 500, 1e3, 5e3, 1e4, 5e4, 1e5, 5e5, 1e6, 5e6],
      },
    ],
    series: [{}, series(colors.skipped), series(colors.failed), series(colors.sent)],
    hooks: { setCursor: [(chart) => onHover(chart.cursor.idx ?? null)] },
  };
}
