import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useSession } from '../../data/session.ts';
import { Command } from '../../ui/copy.tsx';
import { FocusedStack } from '../../ui/focused-stack.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { NewTokenForm } from './new-token-form.tsx';

export interface NewTokenModalProps {
  readonly opened: boolean;
  onClose(): void;
}

/** Makes a token for a script, then shows it this once. */
export function NewTokenModal({ opened, onClose }: NewTokenModalProps) {
  const { publicUrl } = useSession().cloud;
  const [made, setMade] = useState<string>();
  const isForm = made === undefined;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setMade(undefined)}
      size="lg"
      title={isForm ? 'New token' : 'Keep the token'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      withCloseButton={isForm}
      closeOnClickOutside={isForm}
      closeOnEscape={isForm}
    >
      {isForm ? (
        <NewTokenForm onMade={setMade} />
      ) : (
        <FocusedStack>
          <Alert variant="light" icon={<IconAlertTriangle aria-hidden />}>
            <Text size="sm">It is shown only now, and does whatever you may do. Keep it as you keep a password.</Text>
          </Alert>
          <IdText id={made} what="token" />
          <Text size="sm">Try it:</Text>
          <Command>{`curl ${publicUrl}/v1/devices -H 'Authorization: Bearer ${made}'`}</Command>
          <Group justify="flex-end">
            <Button onClick={onClose}>I have kept it</Button>
          </Group>
        </FocusedStack>
      )}
    </Modal>
  );
}
