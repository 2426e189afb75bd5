import { Box, Container, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

export interface FrameProps {
  /** The heading, and the title of the window. */
  readonly title: string;
  readonly about?: ReactNode;
  readonly children: ReactNode;
  /** Below the card: ways to the neighbours. */
  readonly footer?: ReactNode;
}

/** The frame of the pages that need no log-in: whose pages these are, and one card. */
export function Frame({ title, about, children, footer }: FrameProps) {
  useEffect(() => {
    document.title = `${title} - Cloud Chamber`;
  }, [title]);
  return (
    <Box component="main" mih="100dvh" bg="light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))">
      <Container size={460} px="md" py={{ base: 'xl', sm: 72 }}>
        <Stack gap="lg">
          <Group gap="sm" justify="center">
            <img src="/icon.svg" alt="" width={36} height={36} />
            <Text fw={650} size="lg">
              Cloud Chamber
            </Text>
          </Group>
          <Paper withBorder p={{ base: 'md', xs: 'xl' }} radius="lg" shadow="xs">
            <Stack gap="md">
              <Stack gap={4}>
                <Title order={1} size="h2">
                  {title}
                </Title>
                {about !== undefined && (
                  <Text c="dimmed" size="sm" component="div">
                    {about}
                  </Text>
                )}
              </Stack>
              {children}
            </Stack>
          </Paper>
          {footer !== undefined && (
            <Group justify="center" gap="xs">
              <Text size="sm" component="div" ta="center">
                {footer}
              </Text>
            </Group>
          )}
        </Stack>
      </Container>
    </Box>
  );
}
