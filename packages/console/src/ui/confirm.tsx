import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';

export interface ConfirmProps {
  readonly opened: boolean;
  onClose(): void;
  onConfirm(): void;
  readonly title: string;
  readonly children: ReactNode;
  /** On the button, such as "Delete the product". */
  readonly action: string;
  /** What has to be typed first, for what cannot be undone; nothing when left out. */
  readonly typed?: string;
  readonly loading?: boolean;
  readonly danger?: boolean;
}

/** Asks before something is done that cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { opened, onClose, title } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && <Question {...props} />}
    </Modal>
  );
}

function Question({ onClose, onConfirm, children, action, typed, loading = false, danger = true }: ConfirmProps) {
  const [text, setText] = useState('');
  const isTyped = typed === undefined || text.trim() === typed;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isTyped && !loading) onConfirm();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {typeof children === 'string' ? <Text>{children}</Text> : children}
        {typed !== undefined && (
          <TextInput
            label={`Type ${typed} to go on`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={danger ? 'red.9' : undefined} disabled={!isTyped} loading={loading}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
