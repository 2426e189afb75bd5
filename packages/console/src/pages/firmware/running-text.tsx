import { Group, Text } from '@mantine/core';
import { Time } from '../../ui/time.tsx';
import { targetsText } from './releases.ts';
import type { Rollout } from './rollouts.ts';
import { StateBadge } from './state-badge.tsx';

/** How a rollout stands: its state, its step, when the next one begins, why it stands still. */
export function RunningText({ rollout }: { readonly rollout: Rollout }) {
  const { state, step, steps, next_at, message, ended_at, product_default, groups } = rollout;
  return (
    <div>
      <Group gap="xs">
        <StateBadge state={state} />
        <Text fw={600}>
          Step {step} of {steps.length}
        </Text>
        <Text c="dimmed">to {targetsText({ productDefault: product_default, groups }) ?? 'nobody'}</Text>
      </Group>
      {next_at !== null && (
        <Text size="sm" mt={4}>
          The next step begins <Time at={next_at} />.
        </Text>
      )}
      {ended_at !== null && (
        <Text size="sm" mt={4}>
          Ended <Time at={ended_at} />.
        </Text>
      )}
      {message !== null && state !== 'halted' && (
        <Text size="sm" mt={4}>
          {message}
        </Text>
      )}
    </div>
  );
}
