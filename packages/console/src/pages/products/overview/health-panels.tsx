import { SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LinkButton } from '../../../ui/link.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useNow } from '../../../ui/time.tsx';
import { TimeChart } from '../../../ui/time-chart.tsx';
import { figures } from '../figures.ts';
import type { Range } from '../overview-search.ts';
import { counted, type OfProduct } from './fleet.ts';
import { rangeWords, seriesRange } from './series-range.ts';

export interface HealthPanelsProps extends OfProduct {
  readonly range: Range;
}

interface EventPoint {
  readonly time: string;
  readonly received: number;
}
interface AttemptPoint {
  readonly time: string;
  readonly success: number;
  readonly failure: number;
  readonly sleep: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What devices publish, and how integrations do with it. */
export function HealthPanels({ product, range }: HealthPanelsProps) {
  const asked = { params: { productIdOrSlug: product }, query: seriesRange(range, useNow()) };
  const events = useQuery({ ...figures('countEvents', asked), placeholderData: (previous) => previous });
  const attempts = useQuery({
    ...figures('countIntegrationsAttempts', asked),
    placeholderData: (previous) => previous,
  });
  const words = rangeWords(range);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Panel
        title="Events"
        action={
          <LinkButton to="/products/$product/events" params={{ product }} variant="default" size="compact-sm">
            Events
          </LinkButton>
        }
      >
        <Loaded query={events}>{({ events: points }) => <EventsChart points={points} words={words} />}</Loaded>
      </Panel>
      <Panel
        title="Integrations"
        action={
          <LinkButton to="/products/$product/integrations" params={{ product }} variant="default" size="compact-sm">
            Integrations
          </LinkButton>
        }
      >
        <Loaded query={attempts}>
          {({ integrations: points }) => <AttemptsChart points={points} words={words} />}
        </Loaded>
      </Panel>
    </SimpleGrid>
  );
}

function EventsChart({ points, words }: { readonly points: readonly EventPoint[]; readonly words: string }) {
  const times = useMemo(() => points.map(({ time }) => Date.parse(time)), [points]);
  const series = useMemo(
    () => [
      {
        label: 'events',
        color: 'plain' as const,
        shape: 'bars' as const,
        values: points.map(({ received }) => received),
      },
    ],
    [points],
  );
  const total = sum(points.map(({ received }) => received));
  return (
    <>
      <Text size="sm" c="dimmed">
        {total === 0
          ? `Devices published nothing in ${words}.`
          : `Devices published ${counted(total, 'event')} in ${words}.`}
      </Text>
      {total > 0 && <TimeChart label={`Events, ${words}`} times={times} series={series} />}
    </>
  );
}

function AttemptsChart({ points, words }: { readonly points: readonly AttemptPoint[]; readonly words: string }) {
  const times = useMemo(() => points.map(({ time }) => Date.parse(time)), [points]);
  const series = useMemo(() => {
    const of = (values: number[], label: string, color: 'good' | 'bad') => ({ label, color, values });
    // The failures are drawn over all attempts, so that both can be read off the axis.
    return [
      {
        ...of(
          points.map(({ success }) => success),
          'delivered',
          'good',
        ),
        shape: 'bars' as const,
      },
      {
        ...of(
          points.map(({ failure }) => failure),
          'failed',
          'bad',
        ),
        shape: 'bars' as const,
      },
    ];
  }, [points]);
  const delivered = sum(points.map(({ success }) => success));
  const failed = sum(points.map(({ failure }) => failure));
  const held = sum(points.map(({ sleep }) => sleep));
  const total = delivered + failed + held;
  return (
    <>
      <Text size="sm" c="dimmed">
        {total === 0
          ? `No integration was triggered in ${words}.`
          : `${counted(delivered, 'request')} delivered and ${failed.toLocaleString('en')} failed in ${words}.`}
        {held > 0 && ` ${held.toLocaleString('en')} were held back, since the other server fails too often.`}
      </Text>
      {total > 0 && <TimeChart label={`Requests of integrations, ${words}`} times={times} series={series} />}
    </>
  );
}
