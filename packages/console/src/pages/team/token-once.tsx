import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Command } from '../../ui/copy.tsx';

export interface TokenOnceProps {
  /** Whose token it is. */
  readonly name: string;
  readonly token: string | undefined;
  onClose(): void;
}

/** Shows a token that cannot be shown again: it closes by its button only. */
export function TokenOnce({ name, token, onClose }: TokenOnceProps) {
  return (
    <Modal
      opened={token !== undefined}
      onClose={onClose}
      title={`Token of ${name}`}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">Copy it now: the cloud keeps only a digest of it, and cannot show it again.</Text>
        <Command>{token ?? ''}</Command>
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
