import { queryOptions } from '@tanstack/react-query';

/** A check of the cloud, and `ok` or what is wrong. */
export type Check = readonly [name: string, result: string];

/** Reads the checks of `/readyz`; its body says the same when one fails and the status is 503. */
export const readinessQuery = queryOptions<readonly Check[]>({
  queryKey: ['getReadiness', 'checks'],
  queryFn: async ({ signal }) => {
    const reply = await fetch('/readyz', { signal });
    const body: unknown = await reply.json();
    return checksOf(body);
  },
  refetchInterval: 15_000,
});

/** @param body of `/readyz` @throws Error when it has no checks */
export function checksOf(body: unknown): readonly Check[] {
  if (typeof body !== 'object' || body === null || !('checks' in body))
    throw new Error('The cloud did not say how it is');
  const { checks } = body;
  if (typeof checks !== 'object' || checks === null) throw new Error('The cloud did not say how it is');
  return Object.entries(checks).map(([name, result]) => [name, String(result)]);
}
