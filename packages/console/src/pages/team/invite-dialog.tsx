import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useChange } from '../../data/use-change.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { ROLES, TEAM_READS, type TeamPlace, teamChanges } from './team-operations.ts';

export interface InviteDialogProps {
  readonly place: TeamPlace;
  readonly opened: boolean;
  onClose(): void;
}

/** Invites somebody by e-mail address (PRD-08). */
export function InviteDialog(props: InviteDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title="Invite team member"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.opened && <InviteForm {...props} />}
    </Modal>
  );
}

function InviteForm({ place, onClose }: InviteDialogProps) {
  const form = useForm({
    initialValues: { username: '', role: 'Developer' },
    validate: { username: (text) => (/^\S+@\S+$/.test(text.trim()) ? null : 'An e-mail address') },
  });
  const invite = useChange({
    run: ({ username, role }: typeof form.values) => teamChanges(place).invite(username.trim(), role),
    changes: TEAM_READS,
    done: ({ username }) => `${username.trim()} is invited`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => invite.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          Make sure that they already have an account with that address. They get a mail, and accept or decline when
          they next log in.
        </Text>
        <TextInput label="E-mail" type="email" required data-autofocus {...form.getInputProps('username')} />
        <Radio.Group label="Role" {...form.getInputProps('role')}>
          <Stack gap="xs" mt={6}>
            {ROLES.map(({ name, may }) => (
              <Radio key={name} value={name} label={name} description={may} />
            ))}
          </Stack>
        </Radio.Group>
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
