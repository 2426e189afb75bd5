import { Button, Center, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { Rows } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeletons } from '../../ui/loaded.tsx';
import { CSV, columnsOf, NONE, underWay } from './rollout-device-columns.tsx';
import type { Rollout } from './rollouts.ts';

const PAGE = 100;
const LOOK_AGAIN_MS = 4000;

/** The devices that a rollout has reached, by how it went. */
export function RolloutDevices({ product, rollout }: { readonly product: string; readonly rollout: Rollout }) {
  const { devices: state } = useSearch({ from: '/inside/products/$product/rollouts/$rolloutId' });
  const navigate = useNavigate({ from: '/products/$product/rollouts/$rolloutId' });
  const isRunning = rollout.state === 'running';
  const query = useInfiniteQuery({
    queryKey: ['listRolloutDevices', product, rollout.id, state],
    queryFn: ({ pageParam, signal }) =>
      api.callWith(signal, 'listRolloutDevices', {
        params: { productIdOrSlug: product, rolloutId: rollout.id },
        query: { limit: PAGE, ...(state && { state }), ...(pageParam !== '' && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ meta }) => meta.next ?? undefined,
    refetchInterval: isRunning ? LOOK_AGAIN_MS : false,
  });
  const updates = useQuery({
    ...reading('listProductUpdates', { params: { productIdOrSlug: product }, query: { limit: 200 } }),
    enabled: isRunning,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const rows = query.data?.pages.flatMap(({ devices }) => devices);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <SegmentedControl
          maw="100%"
          style={{ overflowX: 'auto' }}
          aria-label="Devices by state"
          value={state ?? 'all'}
          data={[
            { value: 'all', label: 'All' },
            { value: 'failed', label: `Failed (${rollout.failed})` },
            { value: 'offered', label: `Waiting (${rollout.offered})` },
            { value: 'succeeded', label: `Succeeded (${rollout.succeeded})` },
            { value: 'left', label: `Left (${rollout.left})` },
          ]}
          onChange={(value) => navigate({ search: value === 'all' ? {} : { devices: value }, replace: true })}
          size="xs"
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={rows === undefined || rows.length === 0}
          onClick={() => downloadCsv(`rollout-${rollout.id}`, CSV, rows ?? [])}
        >
          CSV
        </Button>
      </Group>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {rows === undefined && !query.isError && <Skeletons lines={4} />}
      {rows?.length === 0 && (
        <Text c="dimmed" size="sm">
          {state === undefined ? 'The rollout has reached no device yet.' : 'No device is in this state.'}
        </Text>
      )}
      {rows !== undefined && rows.length > 0 && (
        <Rows
          label="Devices of the rollout"
          rows={rows}
          keyOf={({ id }) => id}
          columns={columnsOf(product, isRunning ? underWay(updates.data, rollout.version) : NONE)}
        />
      )}
      {query.hasNextPage && (
        <Center>
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Show more
          </Button>
        </Center>
      )}
    </Stack>
  );
}
