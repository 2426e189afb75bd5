import type { ConsoleCloud } from '@cloudchamber/contract';
import { Alert, Text } from '@mantine/core';
import { IconMailbox } from '@tabler/icons-react';

/** Where mails are when the cloud sends none; nothing on a cloud that does. */
export function MailNote({ cloud }: { readonly cloud: ConsoleCloud }) {
  if (cloud.mail === 'smtp') return null;
  return (
    <Alert variant="light" icon={<IconMailbox aria-hidden />}>
      <Text size="sm">
        This cloud sends no mails. They wait in its mailbox, where its operator finds the mail and can pass the link on.
      </Text>
    </Alert>
  );
}
