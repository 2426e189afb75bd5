import type { Output } from '@cloudchamber/contract';
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconStairs } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Column } from '../../ui/data-table.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import { targetsText } from './releases.ts';
import { RolloutProgress } from './rollout-progress.tsx';
import { type Rollout, reached, STATES } from './rollouts.ts';
import { StateBadge } from './state-badge.tsx';

export interface RolloutsTabProps {
  readonly product: string;
  readonly rollouts: UseQueryResult<Output<'listRollouts'>>;
}

/** The rollouts of a product, the newest first. */
export function RolloutsTab({ product, rollouts }: RolloutsTabProps) {
  const columns = columnsOf(product);
  const rows = rollouts.data?.rollouts ?? [];
  return (
    <Stack gap="xs">
      {rows.length > 0 && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {rollouts.data?.meta.next === null ? `${rows.length} in all` : `The newest ${rows.length}`}
          </Text>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => downloadCsv(`rollouts-${product}`, columns, rows)}
          >
            CSV
          </Button>
        </Group>
      )}
      <DataTable
        label="Rollouts"
        query={rollouts}
        rowsOf={(data) => data.rollouts}
        keyOf={({ id }) => id}
        columns={columns}
        empty={
          <EmptyState icon={<IconStairs size={40} aria-hidden />} title="No rollouts yet">
            A rollout releases a version to a few devices first, and to more of them only when those are well. Begin one
            from the menu of a version: Release in steps.
          </EmptyState>
        }
      />
    </Stack>
  );
}

function columnsOf(product: string): readonly Column<Rollout>[] {
  return [
    {
      title: 'Rollout',
      text: ({ version }) => String(version),
      cell: ({ id, version }) => (
        <Link
          size="sm"
          style={{ whiteSpace: 'nowrap' }}
          to="/products/$product/rollouts/$rolloutId"
          params={{ product, rolloutId: id }}
        >
          Version {version}
        </Link>
      ),
    },
    { title: 'State', text: ({ state }) => STATES[state].label, cell: ({ state }) => <StateBadge state={state} /> },
    {
      title: 'To',
      text: (rollout) => textOf(rollout),
      cell: (rollout) => (
        <Text size="sm" miw={140}>
          {textOf(rollout)}
        </Text>
      ),
    },
    {
      title: 'Devices',
      text: (rollout) => String(reached(rollout)),
      cell: (rollout) => (
        <Stack gap={4} miw={120}>
          <RolloutProgress counts={rollout} label={`Devices of version ${rollout.version}`} withLegend={false} />
          <Text size="xs" c="dimmed">
            {rollout.succeeded} of {reached(rollout)} succeeded{rollout.failed > 0 && `, ${rollout.failed} failed`}
          </Text>
        </Stack>
      ),
    },
    {
      title: 'Step',
      text: ({ step }) => String(step),
      cell: ({ step, steps }) => `${step}\u00a0of\u00a0${steps.length}`,
    },
    { title: 'By', text: ({ created_by }) => created_by, cell: ({ created_by }) => created_by },
    { title: 'Begun', text: ({ created_at }) => created_at, cell: ({ created_at }) => <Time at={created_at} /> },
    {
      title: 'Ended',
      text: ({ ended_at }) => ended_at ?? '',
      cell: ({ ended_at }) => (ended_at === null ? '–' : <Time at={ended_at} />),
    },
  ];
}

function textOf({ product_default, groups }: Rollout): string {
  return targetsText({ productDefault: product_default, groups }) ?? 'nobody';
}
