import { Center, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** What would stand here, and how to get it: commands with the person's own ids, buttons. */
  readonly children?: ReactNode;
}

/** Stands where a list has nothing, and teaches how it gets something. */
export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <Center py="xl">
      <Stack gap="sm" align="center" maw={640} w="100%">
        {icon}
        <Title order={2} size="h4" ta="center">
          {title}
        </Title>
        {typeof children === 'string' ? (
          <Text c="dimmed" ta="center">
            {children}
          </Text>
        ) : (
          children
        )}
      </Stack>
    </Center>
  );
}
