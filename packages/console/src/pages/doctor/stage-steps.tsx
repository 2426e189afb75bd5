import { Box, Group, List, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { Attempt } from './attempt-read.ts';
import { stageText, stepsOf } from './attempt-words.ts';

/** How far an attempt came: the last step in words, and a mark for each step of the way. */
export function StageReached({ attempt }: { readonly attempt: Attempt }) {
  const steps = stepsOf(attempt);
  const reached = steps.filter(({ isReached }) => isReached).length;
  return (
    <Box miw={130}>
      <Text size="sm">{stageText(attempt.stage)}</Text>
      <Group gap={3} mt={4} role="img" aria-label={`Step ${reached} of ${steps.length}`}>
        {steps.map(({ stage, isReached }) => (
          <Box
            key={stage}
            w={14}
            h={6}
            bd="1px solid var(--mantine-color-dimmed)"
            bg={isReached ? 'var(--mantine-color-dimmed)' : undefined}
            style={{ borderRadius: 3 }}
          />
        ))}
      </Group>
    </Box>
  );
}

/** Every step of the way in, and whether the attempt reached it. */
export function StageList({ attempt }: { readonly attempt: Attempt }) {
  return (
    <List type="ordered" listStyleType="none" spacing={6} size="sm" aria-label="Steps of the way in">
      {stepsOf(attempt).map(({ stage, words, isReached }) => (
        <List.Item
          key={stage}
          icon={
            <ThemeIcon size={20} radius="xl" variant={isReached ? 'light' : 'default'} color="teal">
              {isReached ? <IconCheck size={14} aria-hidden /> : <IconMinus size={14} aria-hidden />}
            </ThemeIcon>
          }
          {...(!isReached && { c: 'dimmed' })}
        >
          {words}
          {!isReached && ' (not reached)'}
        </List.Item>
      ))}
    </List>
  );
}
