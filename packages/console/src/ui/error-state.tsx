import { ApiError } from '@cloudchamber/contract/client';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { messageOf } from './toasts.tsx';

export interface ErrorStateProps {
  readonly error: unknown;
  /** Tries again. */
  onRetry?(): void;
}

/** Stands where something could not be read: what is wrong, the request's id, another try. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />} title={messageOf(error)} role="alert">
      <Group gap="sm">
        {requestId !== undefined && <Text size="sm">Request {requestId}</Text>}
        {onRetry !== undefined && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
