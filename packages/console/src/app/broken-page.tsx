import { Center, Container, Stack } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { LinkButton } from '../ui/link.tsx';

/** Stands where a page failed as a whole. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <Container size="sm" py="xl" component="main">
      <ErrorState error={error} onRetry={reset} />
    </Container>
  );
}

/** Stands at addresses that are no page. */
export function NoSuchPage() {
  return (
    <Center component="main" py="xl">
      <Stack align="center">
        <EmptyState title="There is no such page">The link may be old, or mistyped.</EmptyState>
        <LinkButton to="/devices" variant="default">
          Go to your devices
        </LinkButton>
      </Stack>
    </Center>
  );
}
