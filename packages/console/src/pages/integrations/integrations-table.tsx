import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { type Place, pageOf } from '../../data/place.ts';
import { type Column, Rows } from '../../ui/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import { EnableSwitch } from './enable-switch.tsx';
import type { Integration } from './integration-operations.ts';

/** @returns where an integration sends, for people */
export function targetOf({ url, topic }: Pick<Integration, 'url'> & { readonly topic?: unknown }): string {
  return url ?? (typeof topic === 'string' ? topic : '');
}

/** @returns the kind of an integration, for people */
export function kindOf(type: string): string {
  return type === 'GoogleCloudPubSub' ? 'Google Pub/Sub' : type;
}

/** The columns of the list, which are also those of its CSV. */
export function integrationColumns(place: Place): readonly Column<Integration>[] {
  return [
    {
      title: 'Name',
      cell: (one) => (
        <Stack gap={0} miw={160}>
          <Link to={pageOf(place, `/integrations/${one.id}`)} size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {one.name}
          </Link>
          <Text size="xs" c="dimmed">
            {kindOf(one.integration_type)}
          </Text>
        </Stack>
      ),
      text: ({ name }) => name,
    },
    {
      title: 'Event',
      cell: ({ event, deviceID }) => (
        <Stack gap={0} miw={110}>
          <span className="mono">{event}</span>
          {deviceID !== undefined && (
            <Text size="xs" c="dimmed" span>
              one device only
            </Text>
          )}
        </Stack>
      ),
      text: ({ event }) => event,
    },
    {
      title: 'Target',
      cell: (one) => (
        <Text size="sm" className="mono" maw={340} miw={160} style={{ overflowWrap: 'anywhere' }} lineClamp={2}>
          {one.integration_type === 'Webhook' ? `${one.requestType ?? 'POST'} ${targetOf(one)}` : targetOf(one)}
        </Text>
      ),
      text: targetOf,
    },
    {
      title: 'Last request',
      cell: (one) => <LastResult integration={one} />,
      text: ({ last_result: last }) => (last ? `${last.type} ${last.time}` : ''),
    },
    {
      title: '30 days',
      cell: ({ last_30_days: sums }) => sums && <Counts {...sums} />,
      text: ({ last_30_days: sums }) =>
        sums ? `${sums.success} sent, ${sums.error} failed, ${sums.sleep} skipped` : '',
    },
    { title: 'Created', cell: ({ created_at: at }) => <Time at={at} />, text: ({ created_at: at }) => at },
    {
      title: 'Enabled',
      cell: (one) => <EnableSwitch place={place} integration={one} />,
      text: ({ disabled }) => (disabled ? 'no' : 'yes'),
    },
    { title: 'ID', cell: ({ id }) => <span className="mono">{id}</span>, text: ({ id }) => id },
  ];
}

interface IntegrationsTableProps {
  readonly place: Place;
  readonly rows: readonly Integration[];
}

export function IntegrationsTable({ place, rows }: IntegrationsTableProps) {
  const columns = integrationColumns(place).filter(({ title }) => title !== 'ID');
  return <Rows label="Integrations" rows={rows} keyOf={({ id }) => id} columns={columns} />;
}

function LastResult({ integration: { last_result: last } }: { readonly integration: Integration }) {
  if (last === null || last === undefined) {
    return (
      <Text size="sm" c="dimmed" span>
        none yet
      </Text>
    );
  }
  return (
    <Stack gap={2}>
      <ResultBadge ok={last.type === 'success'} />
      <Text size="xs" c="dimmed" component="div">
        <Time at={last.time} />
      </Text>
    </Stack>
  );
}

/** How a request went: in words and with a sign, not by colour alone. */
export function ResultBadge({ ok }: { readonly ok: boolean }) {
  return ok ? (
    <Badge variant="light" color="teal" leftSection={<IconCheck size={12} aria-hidden />}>
      Sent
    </Badge>
  ) : (
    <Badge variant="light" color="red" leftSection={<IconX size={12} aria-hidden />}>
      Failed
    </Badge>
  );
}

function Counts({
  success,
  error,
  sleep,
}: {
  readonly success: number;
  readonly error: number;
  readonly sleep: number;
}) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" span style={{ whiteSpace: 'nowrap' }}>
        {success.toLocaleString('en')} sent
        {error > 0 && `, ${error.toLocaleString('en')} failed`}
        {sleep > 0 && `, ${sleep.toLocaleString('en')} skipped`}
      </Text>
    </Group>
  );
}
