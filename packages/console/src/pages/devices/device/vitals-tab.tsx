import { ApiError } from '@cloudchamber/contract/client';
import { Badge, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useChange } from '../../../data/use-change.ts';
import { type Column, Rows } from '../../../ui/data-table.tsx';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Time } from '../../../ui/time.tsx';
import { DaysPicker, type DaysPickerProps } from './days-picker.tsx';
import type { VitalsSummary } from './device-api.ts';
import { useDevice } from './device-context.ts';
import { LineChart } from './line-chart.tsx';
import { chartInWords, disconnects, vitalCharts } from './vital-charts.ts';
import { type VitalValue, vitalValues } from './vital-values.ts';

const COLUMNS: readonly Column<VitalValue>[] = [
  { title: 'Measure', cell: ({ title }) => title, text: ({ title }) => title },
  {
    title: 'Value',
    cell: ({ text }) => <strong style={{ whiteSpace: 'nowrap' }}>{text}</strong>,
    text: ({ text }) => text,
  },
  {
    title: 'Health',
    cell: ({ health, message }) => (
      <Group gap="xs" wrap="nowrap">
        <HealthBadge health={health} />
        <Text size="sm" c="dimmed">
          {message}
        </Text>
      </Group>
    ),
    text: ({ health }) => health ?? '',
  },
];

function HealthBadge({ health }: Pick<VitalValue, 'health'>) {
  if (health === undefined) return null;
  return (
    <Badge
      variant="light"
      color={health === 'healthy' ? 'teal' : 'orange'}
      leftSection={health === 'healthy' ? '✓' : '!'}
      style={{ flexShrink: 0 }}
    >
      {health}
    </Badge>
  );
}

/** What the device measures of itself: the last values with what they mean, and how they developed. */
export function VitalsTab(range: DaysPickerProps) {
  const { api, device, can } = useDevice();
  const last = useQuery(api.lastVitals);
  const refresh = useChange({
    run: api.refreshVitals,
    changes: [],
    done: () => `${device.name} was asked; its answer is shown when it comes`,
  });
  const noneYet = last.data === undefined && last.error instanceof ApiError && last.error.status === 404;
  const button = can('devices.diagnostics:update') && (
    <Button
      variant="default"
      leftSection={<IconRefresh size={18} aria-hidden />}
      loading={refresh.isPending}
      onClick={() => refresh.mutate()}
    >
      Refresh vitals
    </Button>
  );
  if (noneYet) {
    return (
      <EmptyState title="The device has sent no vitals yet">
        <Text c="dimmed" ta="center">
          It sends them when it is asked, and by itself when its firmware says so:{' '}
          <code>Particle.publishVitals(3600)</code>.
        </Text>
        {button}
      </EmptyState>
    );
  }
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {last.data && (
            <>
              Measured <Time at={last.data.diagnostics.updated_at} />
            </>
          )}
        </Text>
        {button}
      </Group>
      <Development {...range} />
      <Loaded query={last}>{({ diagnostics }) => <LastVitals payload={diagnostics.payload} />}</Loaded>
    </Stack>
  );
}

function LastVitals({ payload }: { readonly payload: unknown }) {
  const { api, device } = useDevice();
  const metadata = useQuery({ ...api.vitalsMetadata, staleTime: Number.POSITIVE_INFINITY });
  return (
    <Loaded query={metadata}>
      {({ diagnostics_metadata }) => {
        const values = vitalValues(payload, diagnostics_metadata);
        return (
          <Stack gap="sm" component="section" aria-label="Last vitals">
            <Group justify="space-between">
              <Title order={2} size="h4">
                Last vitals
              </Title>
              <Button
                variant="default"
                leftSection={<IconDownload size={18} aria-hidden />}
                onClick={() => downloadCsv(`vitals-${device.id}`, COLUMNS, values)}
              >
                CSV
              </Button>
            </Group>
            <Rows label="Last vitals" rows={values} keyOf={({ path }) => path} columns={COLUMNS} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Development({ days, onDays }: DaysPickerProps) {
  const { api, can } = useDevice();
  const summary = useQuery({ ...api.vitalsSummary(days), enabled: can('devices.diagnostics.summary:get') });
  if (!can('devices.diagnostics.summary:get')) return null;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          How they developed
        </Title>
        <DaysPicker days={days} onDays={onDays} />
      </Group>
      <Loaded query={summary}>{(data) => <Charts summary={data} days={days} />}</Loaded>
    </Stack>
  );
}

function Charts({ summary, days }: { readonly summary: VitalsSummary; readonly days: number }) {
  const { api } = useDevice();
  const presence = useQuery(api.presence(days)).data?.presence;
  const charts = useMemo(() => vitalCharts(summary), [summary]);
  const gone = useMemo(() => {
    const times = presence?.filter(({ online }) => !online).map(({ at }) => Date.parse(at));
    return times && disconnects(times, summary);
  }, [presence, summary]);
  const times = useMemo(() => summary.samples.map(({ timestamp }) => Date.parse(timestamp)), [summary]);
  if (charts.length === 0) return <Text c="dimmed">No vitals were sent in this time.</Text>;
  const count = gone?.reduce((sum, one) => sum + one, 0) ?? 0;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
      {charts.map((chart) => (
        <LineChart
          key={chart.measure}
          title={chart.title}
          unit={chart.unit}
          inWords={chartInWords(chart)}
          times={chart.times}
          values={chart.values}
        />
      ))}
      {gone && (
        <LineChart
          title="Disconnects"
          unit={count === 1 ? 'time' : 'times'}
          inWords={`The device went offline ${count} times`}
          times={times}
          values={gone}
          shape="bars"
        />
      )}
    </SimpleGrid>
  );
}
