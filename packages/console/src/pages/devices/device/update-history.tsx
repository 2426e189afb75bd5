import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type Column, Rows } from '../../../ui/data-table.tsx';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { Time } from '../../../ui/time.tsx';
import { useDevice } from './device-context.ts';
import { type Attempt, outcomeText, sizeText, updateTitle } from './update-words.ts';
import { durationText } from './vital-values.ts';

const COLUMNS: readonly Column<Attempt>[] = [
  { title: 'Started', cell: ({ created_at }) => <Time at={created_at} />, text: ({ created_at }) => created_at },
  { title: 'Update', cell: updateTitle, text: updateTitle },
  {
    title: 'Outcome',
    cell: ({ outcome, message }) => (
      <Stack gap={2} align="flex-start">
        <Badge
          variant="light"
          color={outcome === null ? 'blue' : outcome === 'succeeded' ? 'teal' : 'orange'}
          leftSection={outcome === null ? '…' : outcome === 'succeeded' ? '✓' : '!'}
          tt="none"
        >
          {outcomeText(outcome) ?? 'Under way'}
        </Badge>
        {message !== null && (
          <Text size="xs" c="dimmed">
            {message}
          </Text>
        )}
      </Stack>
    ),
    text: ({ outcome, message }) => [outcomeText(outcome) ?? 'Under way', message].filter(Boolean).join(': '),
  },
  {
    title: 'Sent',
    cell: ({ bytes, total_bytes }) =>
      total_bytes === null ? sizeText(bytes) : `${sizeText(bytes)} of ${sizeText(total_bytes)}`,
    text: ({ bytes }) => String(bytes),
  },
  {
    title: 'Took',
    cell: ({ duration }) => (duration === null ? '' : durationText(duration)),
    text: ({ duration }) => (duration === null ? '' : String(duration)),
  },
];

export interface UpdateHistoryProps {
  readonly attempts: readonly Attempt[];
  readonly hasMore: boolean;
  readonly loading: boolean;
  onMore(): void;
}

/** Every update of the device, the newest first. */
export function UpdateHistory({ attempts, hasMore, loading, onMore }: UpdateHistoryProps) {
  const { device } = useDevice();
  return (
    <section aria-label="Past updates">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            Past updates
          </Title>
          {attempts.length > 0 && (
            <Button
              variant="default"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => downloadCsv(`updates-${device.id}`, COLUMNS, attempts)}
            >
              CSV
            </Button>
          )}
        </Group>
        {attempts.length === 0 ? (
          <Text c="dimmed" size="sm">
            No firmware was sent to this device over the air yet.
          </Text>
        ) : (
          <Rows label="Past updates" rows={attempts} keyOf={({ id }) => id} columns={COLUMNS} />
        )}
        {hasMore && (
          <Button variant="default" loading={loading} onClick={onMore} style={{ alignSelf: 'center' }}>
            Older updates
          </Button>
        )}
      </Stack>
    </section>
  );
}
