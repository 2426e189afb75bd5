import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useChange } from '../../../data/use-change.ts';
import { Time } from '../../../ui/time.tsx';
import { Notice } from '../notice.tsx';

/** What others ask this account for, to be answered, and what it asks others for. Nothing stands there when there is none. */
export function Transfers() {
  const { data } = useQuery({ ...reading('listDeviceTransfers'), staleTime: 60_000 });
  const waiting = data?.transfers.filter(({ state }) => state === 'waiting') ?? [];
  const answer = useChange({
    run: ({ id, approve }: { readonly id: string; readonly approve: boolean }) =>
      api.call(approve ? 'approveDeviceTransfer' : 'declineDeviceTransfer', { params: { transferId: id }, body: {} }),
    changes: ['listDeviceTransfers', 'listDevices'],
    done: ({ approve }) => (approve ? 'The device has its new owner' : 'You keep the device'),
  });
  return waiting.map(({ id, direction, device_id, device_name, requested_by, expires_at }) => (
    <Notice
      key={id}
      title={direction === 'incoming' ? 'Somebody asks for a device of yours' : 'You asked for a device'}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {direction === 'incoming'
            ? `${requested_by} asks for ${device_name ?? device_id}`
            : `${device_id} waits for its owner to answer`}
          . The request ends <Time at={expires_at} />.
        </Text>
        {direction === 'incoming' && (
          <Group gap="xs">
            <Button size="compact-sm" disabled={answer.isPending} onClick={() => answer.mutate({ id, approve: true })}>
              Give it away
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={answer.isPending}
              onClick={() => answer.mutate({ id, approve: false })}
            >
              Keep it
            </Button>
          </Group>
        )}
      </Stack>
    </Notice>
  ));
}
