import { Badge } from '@mantine/core';
import { type RolloutState, STATES } from './rollouts.ts';

/** How a rollout stands, in a word. */
export function StateBadge({ state }: { readonly state: RolloutState }) {
  const { label, color } = STATES[state];
  return color === 'gray' ? (
    <Badge variant="default" miw="max-content">
      {label}
    </Badge>
  ) : (
    <Badge variant="light" color={color} miw="max-content">
      {label}
    </Badge>
  );
}
