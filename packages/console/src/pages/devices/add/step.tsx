import { Box, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}

/** One step of a way to add a device. */
export function Step({ number, title, children }: StepProps) {
  return (
    <Group align="flex-start" wrap="nowrap" gap="sm">
      <ThemeIcon variant="default" radius="xl" size={28} aria-hidden>
        <Text size="sm" fw={600}>
          {number}
        </Text>
      </ThemeIcon>
      <Box style={{ flex: 1, minWidth: 0 }} pt={3}>
        <Stack gap="xs">
          <Title order={3} size="h5">
            {title}
          </Title>
          {children}
        </Stack>
      </Box>
    </Group>
  );
}
