import { Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { firmwareStanding } from '../../../components/edit-device/firmware-words.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeletons } from '../../../ui/loaded.tsx';
import { Time } from '../../../ui/time.tsx';
import { Notice } from '../notice.tsx';
import { useDevice } from './device-context.ts';
import { FlashForm } from './flash-form.tsx';
import { UpdateHistory } from './update-history.tsx';
import { UpdateProgress } from './update-progress.tsx';
import { blockedText, updateTitle } from './update-words.ts';
import { useUpdateProgress } from './use-update-progress.ts';

/** What the device runs, what it is sent, and what became of that. */
export function FirmwareTab() {
  const { api, device, member, can } = useDevice();
  const progress = useUpdateProgress();
  const updates = useInfiniteQuery({
    queryKey: api.updatesKey,
    queryFn: ({ signal, pageParam }) => api.updates(signal, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ meta }) => meta.next,
  });
  const pending = updates.data?.pages[0]?.pending ?? null;
  return (
    <Stack gap="lg">
      <Text size="sm">
        {member && `${firmwareStanding(member)} `}
        {device.system_firmware_version !== null && `Device OS ${device.system_firmware_version}. `}
        {!device.firmware_updates_enabled &&
          (device.firmware_updates_forced
            ? 'Its application does not allow updates, but they are forced.'
            : 'Its application does not allow updates now.')}
      </Text>
      {pending !== null && (
        <Notice title={`Waits: ${updateTitle(pending)}`}>
          {blockedText(pending)} {pending.message}
          {pending.retry_at !== null && (
            <>
              {' '}
              Next try <Time at={pending.retry_at} />.
            </>
          )}
        </Notice>
      )}
      {progress && <UpdateProgress progress={progress} />}
      {can('devices:update') && <FlashForm busy={progress !== undefined && progress.outcome === null} />}
      {updates.isError && updates.data === undefined && (
        <ErrorState error={updates.error} onRetry={() => updates.refetch()} />
      )}
      {updates.isPending && <Skeletons lines={3} />}
      {updates.data && (
        <UpdateHistory
          attempts={updates.data.pages.flatMap((page) => page.updates)}
          hasMore={updates.hasNextPage}
          loading={updates.isFetchingNextPage}
          onMore={() => updates.fetchNextPage()}
        />
      )}
    </Stack>
  );
}
