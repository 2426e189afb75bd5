import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSession } from '../../data/session.ts';
import { Command } from '../../ui/copy.tsx';
import { FocusedStack } from '../../ui/focused-stack.tsx';
import { IdText } from '../../ui/id-text.tsx';
import type { NewClient } from './client.ts';

export interface ClientSecretProps {
  readonly client: NewClient;
  onKept(): void;
}

/** Id and secret of a client that was just made, and how it gets a token. */
export function ClientSecret({ client, onKept }: ClientSecretProps) {
  const { publicUrl } = useSession().cloud;
  return (
    <FocusedStack>
      <Alert variant="light" icon={<IconAlertTriangle aria-hidden />}>
        <Text size="sm">The secret is shown only now. If it is lost, delete the client and make another one.</Text>
      </Alert>
      <Stack gap={0}>
        <Text size="sm" fw={600}>
          Client ID
        </Text>
        <IdText id={client.id} what="client ID" />
      </Stack>
      <Stack gap={0}>
        <Text size="sm" fw={600}>
          Secret
        </Text>
        <IdText id={client.secret} what="secret" />
      </Stack>
      {client.type === 'installed' && client.scope === undefined && (
        <Stack gap={4}>
          <Text size="sm">It gets a token like this; expires_in is in seconds, 0 for never:</Text>
          <Command>
            {`curl ${publicUrl}/oauth/token -u ${client.id}:${client.secret} -d grant_type=client_credentials -d expires_in=3600`}
          </Command>
        </Stack>
      )}
      <Group justify="flex-end">
        <Button onClick={onKept}>I have kept it</Button>
      </Group>
    </FocusedStack>
  );
}
