import { Button, Group, List, PasswordInput, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { leaveDocument } from '../../data/session.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type AccountProps, WRONG_PASSWORD } from './account.ts';

/** Ends the account for good. */
export function DeletePanel({ account }: AccountProps) {
  const [isAsking, setIsAsking] = useState(false);
  const [password, setPassword] = useState('');
  const remove = useChange({
    run: () => api.call('deleteUser', { body: { password } }),
    changes: [],
    onDone: leaveDocument,
    showsError: true,
  });
  const open = () => {
    setPassword('');
    remove.reset();
    setIsAsking(true);
  };
  return (
    <Panel title="Delete the account" about="This cannot be undone.">
      <Group>
        <Button color="red" variant="outline" leftSection={<IconTrash size={18} aria-hidden />} onClick={open}>
          Delete the account
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate()}
        title="Delete the account?"
        action="Delete the account"
        typed={account.username}
        loading={remove.isPending}
      >
        <Stack gap="sm">
          {remove.error !== null && <Problem error={remove.error} wrong={WRONG_PASSWORD} />}
          <List size="sm" spacing={4}>
            <List.Item>Its devices belong to nobody then, and anybody who has one can claim it.</List.Item>
            <List.Item>Its integrations, OAuth clients, memberships and claim codes are gone.</List.Item>
            <List.Item>All its tokens stop working, those of its clients too.</List.Item>
            <List.Item>Products and organizations that it owns have to be deleted or transferred before.</List.Item>
          </List>
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </Stack>
      </Confirm>
    </Panel>
  );
}
