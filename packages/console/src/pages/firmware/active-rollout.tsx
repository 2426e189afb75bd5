import { Group, Paper, Stack, Text } from '@mantine/core';
import { LinkButton } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import { targetsText } from './releases.ts';
import { RolloutProgress } from './rollout-progress.tsx';
import { isActive, type Rollout } from './rollouts.ts';
import { StateBadge } from './state-badge.tsx';

/** The rollout that has not ended, above everything else; nothing when there is none. */
export function ActiveRollout({
  product,
  rollouts,
}: {
  readonly product: string;
  readonly rollouts: readonly Rollout[];
}) {
  const rollout = rollouts.find(isActive);
  if (rollout === undefined) return null;
  const { id, version, state, step, steps, next_at, message } = rollout;
  const targets = targetsText({ productDefault: rollout.product_default, groups: rollout.groups });
  return (
    <Paper withBorder p="md" component="section" aria-label={`Rollout of version ${version}`}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Stack gap={2}>
            <Group gap="xs">
              <Text fw={600}>Rollout of version {version}</Text>
              <StateBadge state={state} />
            </Group>
            <Text size="sm" c="dimmed">
              To {targets ?? 'nobody'}. Step {step} of {steps.length}
              {next_at !== null && (
                <>
                  , the next one <Time at={next_at} />
                </>
              )}
              .
            </Text>
          </Stack>
          <LinkButton
            to="/products/$product/rollouts/$rolloutId"
            params={{ product, rolloutId: id }}
            variant="default"
            size="xs"
          >
            Watch the rollout
          </LinkButton>
        </Group>
        <RolloutProgress counts={rollout} label={`Devices of the rollout of version ${version}`} />
        {message !== null && <Text size="sm">{message}</Text>}
      </Stack>
    </Paper>
  );
}
