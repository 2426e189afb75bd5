import { ApiError } from '@cloudchamber/contract/client';
import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { problemText } from './problem-text.ts';

export interface ProblemProps {
  readonly error: unknown;
  /** What `invalid_grant` means in this form: which of the secrets was wrong. */
  readonly wrong?: string;
}

/** Says why a form was refused. Takes the focus, so that it is read out and stands in view. */
export function Problem({ error, wrong }: ProblemProps) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new refusal is read out
  useEffect(() => box.current?.focus(), [error]);
  const isWrong = error instanceof ApiError && error.code === 'invalid_grant';
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : undefined;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      color="red"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      role="alert"
      style={{ outlineOffset: -2 }}
    >
      <Text size="sm">{isWrong && wrong !== undefined ? wrong : problemText(error)}</Text>
      {requestId !== undefined && <Text size="sm">Request {requestId}</Text>}
    </Alert>
  );
}
