import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PanelProps {
  readonly title: string;
  /** One line below the heading. */
  readonly about?: ReactNode;
  /** On the right of the heading, such as a link to the page that shows more. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the overview, of settings: a heading and what belongs to it. */
export function Panel({ title, about, action, children }: PanelProps) {
  return (
    <Card withBorder padding="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Stack gap={2} style={{ minWidth: 0, flex: '1 1 200px' }}>
            <Title order={2} size="h4">
              {title}
            </Title>
            {about !== undefined && (
              <Text size="sm" c="dimmed" component="div">
                {about}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}
