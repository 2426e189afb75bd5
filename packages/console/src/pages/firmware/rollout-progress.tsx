import { Group, Progress, Stack, Text } from '@mantine/core';
import { reached } from './rollouts.ts';

export interface RolloutProgressProps {
  readonly counts: {
    readonly offered: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly left: number;
  };
  /** What is measured, for people who hear it. */
  readonly label: string;
  readonly withLegend?: boolean;
}

const PARTS = [
  ['succeeded', 'succeeded', 'teal.7'],
  ['failed', 'failed', 'red.7'],
  ['left', 'left out', 'gray.6'],
  ['offered', 'under way or waiting', 'blue.3'],
] as const;

/** The devices that a rollout has reached, by how it went; in a bar, and in words. */
export function RolloutProgress({ counts, label, withLegend = true }: RolloutProgressProps) {
  const all = reached(counts);
  const words = PARTS.filter(([key]) => counts[key] > 0).map(([key, word]) => `${counts[key]} ${word}`);
  return (
    <Stack gap={6}>
      <Progress.Root size="lg" role="img" aria-label={`${label}: ${all === 0 ? 'no device yet' : words.join(', ')}`}>
        {PARTS.filter(([key]) => counts[key] > 0).map(([key, , color]) => (
          <Progress.Section key={key} value={(counts[key] / all) * 100} color={color} withAria={false} />
        ))}
      </Progress.Root>
      {withLegend && (
        <Group gap="md">
          {PARTS.map(([key, word, color]) => (
            <Group key={key} gap={6} wrap="nowrap">
              <span
                aria-hidden
                style={{
                  width: 10,
                  height: 10,
                  borderRadius: 5,
                  background: `var(--mantine-color-${color.replace('.', '-')})`,
                }}
              />
              <Text size="sm">
                <b>{counts[key].toLocaleString('en')}</b> {word}
              </Text>
            </Group>
          ))}
        </Group>
      )}
    </Stack>
  );
}
