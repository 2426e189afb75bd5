import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconDownload, IconRefresh, IconReload, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useCan } from '../../../data/permissions.ts';
import type { Place } from '../../../data/place.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { type Column, Rows } from '../../../ui/data-table.tsx';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeletons } from '../../../ui/loaded.tsx';
import { Time } from '../../../ui/time.tsx';
import { Section } from '../editor/section.tsx';
import {
  CHANGES,
  type Delivery,
  type IntegrationDetails,
  integrationOperations,
  readDeliveries,
} from '../integration-operations.ts';
import { ReplayDialog } from './replay-dialog.tsx';

interface DeliveriesTabProps {
  readonly place: Place;
  readonly integration: IntegrationDetails;
}

const PAGE = 50;
/** While something waits, its outcome is looked for so often. */
const LOOK_MS = 5000;

/** What failed and what is tried again, with replay (delivery by delivery, or all). */
export function DeliveriesTab({ place, integration }: DeliveriesTabProps) {
  const { state = 'failed' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const shown = state === 'waiting' ? 'waiting' : 'failed';
  const can = useCan(place)('integrations:update');
  const [replaying, setReplaying] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ['listDeliveries', place, integration.id, shown],
    queryFn: ({ signal, pageParam }) =>
      readDeliveries(signal, place, integration.id, {
        state: shown,
        limit: PAGE,
        ...(pageParam !== '' && { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ meta }) => meta.next ?? undefined,
    refetchInterval: ({ state: { data } }) => ((data?.pages[0]?.meta.waiting ?? 0) > 0 ? LOOK_MS : false),
  });
  const meta = query.data?.pages[0]?.meta;
  const rows = query.data?.pages.flatMap(({ deliveries }) => deliveries) ?? [];
  const count = (many: number | undefined) => (many === undefined ? '' : ` (${many >= 10_000 ? '10,000+' : many})`);
  const columns = useColumns(place, integration.id, shown, can);
  return (
    <Section
      title="Deliveries"
      about="What was delivered is gone from here. What was given up stays for 30 days and can be sent again, with the same webhook-id."
    >
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Which deliveries"
          data={[
            { value: 'failed', label: `Failed${count(meta?.failed)}` },
            { value: 'waiting', label: `Waiting${count(meta?.waiting)}` },
          ]}
          value={shown}
          onChange={(next) =>
            void navigate({
              to: '.',
              search: { tab: 'deliveries', ...(next === 'waiting' && { state: 'waiting' }) },
              replace: true,
            })
          }
        />
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            disabled={rows.length === 0}
            onClick={() => downloadCsv(`deliveries-${integration.id}`, columns, rows)}
          >
            CSV
          </Button>
          {can && (
            <Button leftSection={<IconReload size={16} aria-hidden />} onClick={() => setReplaying(true)}>
              Replay many
            </Button>
          )}
        </Group>
      </Group>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Skeletons lines={4} />}
      {query.data !== undefined && rows.length === 0 && (
        <EmptyState title={shown === 'failed' ? 'Nothing has failed' : 'Nothing waits'}>
          {shown === 'failed'
            ? 'A delivery that was tried as long as its mode says, without an answer of 200 to 299, would stand here.'
            : 'What is sent stands here until the server has answered, and what is tried again until then.'}
        </EmptyState>
      )}
      {rows.length > 0 && <Rows label={`Deliveries: ${shown}`} rows={rows} keyOf={({ id }) => id} columns={columns} />}
      {query.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            More
          </Button>
        </Group>
      )}
      <ReplayDialog place={place} integration={integration} opened={replaying} onClose={() => setReplaying(false)} />
    </Section>
  );
}

function useColumns(place: Place, id: string, state: 'failed' | 'waiting', can: boolean): readonly Column<Delivery>[] {
  const columns: readonly Column<Delivery>[] = [
    {
      title: 'Event',
      cell: ({ event }) =>
        event === null ? (
          <Text size="sm" c="dimmed">
            not in the event log any more
          </Text>
        ) : (
          <Stack gap={0} miw={140}>
            <span className="mono">{event.name}</span>
            <Text size="xs" c="dimmed" lineClamp={1} className="mono">
              {event.data ?? 'no data'}
            </Text>
          </Stack>
        ),
      text: ({ event }) => event?.name ?? '',
    },
    {
      title: 'Device',
      cell: ({ event }) => <span className="mono">{event?.coreid ?? ''}</span>,
      text: ({ event }) => event?.coreid ?? '',
    },
    { title: 'Owed since', cell: ({ created_at: at }) => <Time at={at} />, text: ({ created_at: at }) => at },
    ...(state === 'waiting'
      ? [{ title: 'Next attempt', cell: NextAttempt, text: ({ due_at: at }: Delivery) => at ?? '' }]
      : []),
    { title: 'Attempts', cell: ({ attempts }) => attempts, text: ({ attempts }) => String(attempts), align: 'right' },
    {
      title: 'Last error',
      cell: ({ last_error: error }) => (
        <Text size="sm" maw={320} miw={160} style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
          {error ?? 'none yet'}
        </Text>
      ),
      text: ({ last_error: error }) => error ?? '',
    },
  ];
  if (!can) return columns;
  return [...columns, { title: 'Actions', cell: (row) => <Actions place={place} id={id} delivery={row} /> }];
}

function NextAttempt({ due_at: at }: Delivery) {
  return <Time at={at} />;
}

interface ActionsProps {
  readonly place: Place;
  readonly id: string;
  readonly delivery: Delivery;
}

function Actions({ place, id, delivery }: ActionsProps) {
  const [asking, setAsking] = useState(false);
  const operations = integrationOperations(place);
  const replay = useChange({
    run: () => operations.replayOne(id, delivery.id),
    changes: CHANGES,
    done: () => 'It is being sent again',
  });
  const drop = useChange({
    run: () => operations.drop(id, delivery.id),
    changes: CHANGES,
    done: () => 'The delivery is deleted',
    onDone: () => setAsking(false),
  });
  const what = delivery.event?.name ?? `delivery ${delivery.id}`;
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        loading={replay.isPending}
        disabled={delivery.event === null}
        onClick={() => replay.mutate()}
        aria-label={`Replay ${what}`}
      >
        Replay
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => setAsking(true)}
        aria-label={`Delete ${what}`}
      >
        Delete
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => drop.mutate()}
        title="Delete this delivery"
        action="Delete the delivery"
        loading={drop.isPending}
      >
        {`${what} is not sent to this integration any more. The event itself stays in the history.`}
      </Confirm>
    </Group>
  );
}
