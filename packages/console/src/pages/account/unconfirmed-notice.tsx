import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { api } from '../../data/api.ts';
import { useSession } from '../../data/session.ts';
import { useChange } from '../../data/use-change.ts';
import type { AccountProps } from './account.ts';

/** Stands above the account until its address is confirmed. */
export function UnconfirmedNotice({ account }: AccountProps) {
  const { cloud } = useSession();
  const send = useChange({
    run: () => api.call('requestVerification', { body: {} }),
    changes: [],
    done: () => (cloud.mail === 'smtp' ? 'A mail is on its way' : "Another mail waits in the cloud's mailbox"),
  });
  return (
    <Alert variant="light" icon={<IconMail aria-hidden />} title="Confirm your address">
      <Stack gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          Open the link in the mail to {account.username}. Until then this account cannot log in to other programs.
          {cloud.mail === 'mailbox' && ' This cloud sends no mails: its operator finds the mail in its mailbox.'}
        </Text>
        <Group>
          <Button size="compact-sm" variant="default" onClick={() => send.mutate()} loading={send.isPending}>
            Send it again
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
