import { Alert, Button, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { Command } from '../../ui/copy.tsx';

/** A signing secret that the cloud has shown once; it is kept in memory until the person has copied it. */
const secretQuery = (id: string) =>
  queryOptions<string | null>({
    queryKey: ['shownSigningSecret', id],
    queryFn: () => null,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Keeps a secret for the page of its integration, which is opened next. */
export function keepSigningSecret(queries: QueryClient, id: string, secret: string): void {
  queries.setQueryData(secretQuery(id).queryKey, secret);
}

/** Shows the signing secret of an integration that was just made. */
export function SigningSecret({ id }: { readonly id: string }) {
  const queries = useQueryClient();
  const { data: secret } = useQuery(secretQuery(id));
  if (secret === null || secret === undefined) return null;
  return (
    <Alert color="teal" variant="outline" icon={<IconKey aria-hidden />} title="Signing secret">
      <Text size="sm" mb="xs">
        Requests are signed with it, so that your server can tell that they come from this cloud. It is shown this once.
      </Text>
      <Command>{secret}</Command>
      <Group mt="xs">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => queries.setQueryData(secretQuery(id).queryKey, null)}
        >
          I have kept it
        </Button>
      </Group>
    </Alert>
  );
}
