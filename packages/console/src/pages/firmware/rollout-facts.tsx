import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Time } from '../../ui/time.tsx';
import { devicesText, minutesText } from './format.ts';
import { listText } from './releases.ts';
import type { Rollout } from './rollouts.ts';

/** What was chosen when the rollout was begun, and whom it leaves alone. */
export function RolloutFacts({ rollout }: { readonly rollout: Rollout }) {
  return (
    <Paper withBorder p="md">
      <Stack gap="sm" component="dl" m={0}>
        <Fact name="Begun">
          <Time at={rollout.created_at} /> by {rollout.created_by}
        </Fact>
        <Fact name="Pause after a step">{minutesText(rollout.pause_minutes)}</Fact>
        <Fact name="Halts when more devices fail than">{rollout.failure_threshold_percent} %</Fact>
        <Fact name="Deadline of a device">{minutesText(rollout.deadline_minutes)}</Fact>
        <Fact name="Devices get it">
          {rollout.immediate ? 'at once when they are online' : 'at their next handshake'}
        </Fact>
        {rollout.passed_over !== null && (
          <Fact name="Passed over by the last step">{passedOverText(rollout.passed_over)}</Fact>
        )}
      </Stack>
    </Paper>
  );
}

function passedOverText({ development, locked, other_release }: NonNullable<Rollout['passed_over']>): string {
  const parts = [
    [development, 'marked as development'],
    [locked, 'locked'],
    [other_release, 'with another release to a group'],
  ] as const;
  const some = parts.filter(([count]) => count > 0).map(([count, why]) => `${devicesText(count)} ${why}`);
  return some.length === 0 ? 'no device' : listText(some);
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0}>
        {children}
      </Text>
    </div>
  );
}
