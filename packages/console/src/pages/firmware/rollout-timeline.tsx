import { Button, Text, Timeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeletons } from '../../ui/loaded.tsx';
import { Time } from '../../ui/time.tsx';
import { ENTRIES, type Rollout, reached } from './rollouts.ts';

/** What happened to a rollout, in order. */
export function RolloutTimeline({ product, rollout }: { readonly product: string; readonly rollout: Rollout }) {
  const query = useInfiniteQuery({
    queryKey: ['listRolloutTimeline', product, rollout.id],
    queryFn: ({ pageParam, signal }) =>
      api.callWith(signal, 'listRolloutTimeline', {
        params: { productIdOrSlug: product, rolloutId: rollout.id },
        query: { ...(pageParam !== '' && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ meta }) => meta.next ?? undefined,
  });
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  if (query.data === undefined) return <Skeletons lines={4} />;
  const entries = query.data.pages.flatMap((page) => page.entries);
  return (
    <>
      <Timeline active={entries.length - 1} bulletSize={14} lineWidth={2}>
        {entries.map((entry) => (
          <Timeline.Item key={entry.id} title={`${ENTRIES[entry.kind]}: step ${entry.step}`}>
            <Text size="sm" c="dimmed">
              <Time at={entry.at} /> by {entry.actor === 'system' ? 'the cloud' : entry.actor}
            </Text>
            {reached(entry) > 0 && (
              <Text size="sm">
                {entry.succeeded} succeeded, {entry.failed} failed, {entry.offered} under way or waiting
              </Text>
            )}
            {entry.message !== null && <Text size="sm">{entry.message}</Text>}
          </Timeline.Item>
        ))}
      </Timeline>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          onClick={() => query.fetchNextPage()}
          loading={query.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </>
  );
}
