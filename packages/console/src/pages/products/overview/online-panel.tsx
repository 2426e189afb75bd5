import { Group, RingProgress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LinkButton } from '../../../ui/link.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useNow } from '../../../ui/time.tsx';
import { TimeChart } from '../../../ui/time-chart.tsx';
import { figures } from '../figures.ts';
import type { Range } from '../overview-search.ts';
import { counted, type Fleet, type OfProduct, percentOf } from './fleet.ts';
import { rangeWords, seriesRange } from './series-range.ts';

export interface OnlinePanelProps extends OfProduct {
  readonly fleet: Fleet;
  readonly range: Range;
}

/** How many devices are online, now and in the time before (PRD-24). */
export function OnlinePanel({ product, fleet, range }: OnlinePanelProps) {
  const { online, total, development } = fleet.devices;
  const query = seriesRange(range, useNow());
  const past = useQuery({
    ...figures('countOnlineDevices', { params: { productIdOrSlug: product }, query }),
    placeholderData: (previous) => previous,
  });
  return (
    <Panel
      title="How many devices are online right now?"
      action={
        <LinkButton to="/products/$product/devices" params={{ product }} variant="default" size="compact-sm">
          Devices
        </LinkButton>
      }
    >
      <Group gap="md" wrap="nowrap">
        <RingProgress
          size={84}
          thickness={9}
          sections={[{ value: percentOf(online, total), color: 'teal' }]}
          label={
            <Text ta="center" size="xs" fw={600} style={{ whiteSpace: 'nowrap' }}>
              {total === 0 ? '–' : `${percentOf(online, total)} %`}
            </Text>
          }
          aria-hidden
        />
        <Stack gap={0}>
          <Text fw={650} fz={28} lh={1.2}>
            {total === 0 ? 'None' : online.toLocaleString('en')}{' '}
            <Text span fz="md" fw={400}>
              {total === 0 ? 'in this product yet' : `of ${counted(total, 'device')} online`}
            </Text>
          </Text>
          <Text size="sm" c="dimmed">
            {total > 0 && `${(total - online).toLocaleString('en')} offline`}
            {development > 0 && `, ${development.toLocaleString('en')} for development`}
          </Text>
        </Stack>
      </Group>
      <Loaded query={past} lines={5}>
        {({ online: points }) => (
          <OnlineChart points={points} now={online} label={`Devices online, ${rangeWords(range)}`} />
        )}
      </Loaded>
    </Panel>
  );
}

interface OnlineChartProps {
  readonly points: readonly { readonly time: string; readonly count: number }[];
  /** How many are online at this moment, which is behind the last point. */
  readonly now: number;
  readonly label: string;
}

function OnlineChart({ points, now, label }: OnlineChartProps) {
  const at = useNow();
  const times = useMemo(() => [...points.map(({ time }) => Date.parse(time)), at], [points, at]);
  const series = useMemo(
    () => [
      {
        label: 'online',
        color: 'good' as const,
        shape: 'steps' as const,
        values: [...points.map(({ count }) => count), now],
      },
    ],
    [points, now],
  );
  return <TimeChart label={label} times={times} series={series} />;
}
