import { Badge, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../../data/query.ts';
import { Link } from '../../../ui/link.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { OfProduct } from './fleet.ts';

const STATES = {
  running: { label: 'Running', color: 'blue' },
  waiting: { label: 'Waiting for the next step', color: 'blue' },
  paused: { label: 'Paused', color: 'yellow' },
  halted: { label: 'Halted', color: 'red' },
} as const;
const REFETCH_MS = 5000;

function isUnderWay(state: string): state is keyof typeof STATES {
  return state in STATES;
}

/** Releases in steps that have not ended, with how far they are; nothing when there is none. */
export function RolloutsPanel({ product }: OfProduct) {
  const rollouts = useQuery({
    ...reading('listRollouts', { params: { productIdOrSlug: product }, query: { limit: 5 } }),
    refetchInterval: ({ state }) => (state.data?.rollouts.some((one) => one.state === 'running') ? REFETCH_MS : false),
  });
  const shown = (rollouts.data?.rollouts ?? []).flatMap((rollout) =>
    isUnderWay(rollout.state) ? [{ rollout, ...STATES[rollout.state] }] : [],
  );
  if (shown.length === 0) return null;
  return (
    <Panel title="Rollouts under way">
      <Stack gap="sm">
        {shown.map(({ rollout, label, color }) => (
          <div key={rollout.id}>
            <Group justify="space-between" gap="xs" mb={4}>
              <Link to="/products/$product/rollouts/$rolloutId" params={{ product, rolloutId: rollout.id }} size="sm">
                Version {rollout.version}, step {rollout.step} of {rollout.steps.length}
              </Link>
              <Badge variant="light" color={color} tt="none">
                {label}
              </Badge>
            </Group>
            <Progress
              value={rollout.percent}
              color={rollout.failed > 0 ? 'red' : 'blue'}
              aria-label={`Version ${rollout.version}: ${rollout.percent} % of its devices are decided`}
            />
            <Text size="sm" c="dimmed" mt={4}>
              {rollout.succeeded} succeeded, {rollout.offered} under way, {rollout.failed} failed
              {rollout.message !== null && `. ${rollout.message}`}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
