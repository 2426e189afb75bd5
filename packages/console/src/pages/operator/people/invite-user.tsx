import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../../data/api.ts';
import { useSession } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';

export interface InviteUserProps {
  readonly opened: boolean;
  onClose(): void;
}

/** Makes an account for somebody, who chooses the password by mail. */
export function InviteUser({ opened, onClose }: InviteUserProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody" closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && <InviteForm onClose={onClose} />}
    </Modal>
  );
}

function InviteForm({ onClose }: Pick<InviteUserProps, 'onClose'>) {
  const { mail } = useSession().cloud;
  const form = useForm({
    initialValues: { username: '' },
    validate: { username: (text) => (/^\S+@\S+$/.test(text.trim()) ? null : 'An e-mail address') },
  });
  const invite = useChange({
    run: (username: string) => api.call('inviteUser', { body: { username } }),
    changes: ['listUsers', 'listMails'],
    done: (username) =>
      mail === 'smtp' ? `A mail is on its way to ${username}` : `The mail for ${username} is in the mailbox`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit(({ username }) => invite.mutate(username.trim()))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          They get an account and a mail with a link to choose a password, which works for 7 days.
          {mail === 'mailbox' &&
            ' This cloud sends no mail: read it in the mailbox here, and pass the link on by another way.'}
        </Text>
        <TextInput label="E-mail" type="email" required data-autofocus {...form.getInputProps('username')} />
        {invite.isError && <ErrorState error={invite.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Invite
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
