import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';

export interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** How many grey lines stand there meanwhile; 4 when left out. */
  readonly lines?: number;
  children(data: Data): ReactNode;
}

/** Shows what a query has read: grey lines before, what went wrong with another try, then `children`. */
export function Loaded<Data>({ query, lines = 4, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  return <Skeletons lines={lines} />;
}

export function Skeletons({ lines }: { readonly lines: number }) {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey lines have nothing else
        <Skeleton key={line} height={28} />
      ))}
    </Stack>
  );
}
