import { Button, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useScopes } from '../../data/permissions.ts';
import { useChange } from '../../data/use-change.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { scopeOptions } from './scope-options.ts';
import { type Member, TEAM_READS, type TeamPlace, teamChanges, tokenOf } from './team-operations.ts';
import { TokenOnce } from './token-once.tsx';

export interface ApiUserDialogProps {
  readonly place: TeamPlace;
  /** Who is changed; a new one is made when left out. */
  readonly user?: Member;
  readonly opened: boolean;
  onClose(): void;
}

/** Makes an API user, or gives one another name or other scopes. */
export function ApiUserDialog(props: ApiUserDialogProps) {
  const { user, opened, onClose } = props;
  const [made, setMade] = useState<{ readonly name: string; readonly token: string }>();
  return (
    <>
      <Modal
        opened={opened}
        onClose={onClose}
        title={user === undefined ? 'New API user' : `Edit ${user.friendly_name}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && <ApiUserForm {...props} onToken={(name, token) => setMade({ name, token })} />}
      </Modal>
      <TokenOnce name={made?.name ?? ''} token={made?.token} onClose={() => setMade(undefined)} />
    </>
  );
}

function ApiUserForm({
  place,
  user,
  onClose,
  onToken,
}: ApiUserDialogProps & { onToken(name: string, token: string): void }) {
  const scopes = useScopes(place);
  const form = useForm({
    initialValues: { name: user?.friendly_name ?? '', scopes: user?.scopes ?? [] },
    validate: {
      name: (text) => (text.trim() === '' ? 'A name by which you know it' : null),
      scopes: (chosen) => (chosen.length === 0 ? 'At least one scope' : null),
    },
  });
  const changes = teamChanges(place);
  const save = useChange({
    run: async (values: typeof form.values) => {
      const name = values.name.trim();
      if (user === undefined) return tokenOf(await changes.createApiUser(name, values.scopes));
      const isSame = [...values.scopes].sort().join() === [...(user.scopes ?? [])].sort().join();
      return tokenOf(
        await changes.updateApiUser(user.username, { friendly_name: name, ...(!isSame && { scopes: values.scopes }) }),
      );
    },
    changes: TEAM_READS,
    done: ({ name }) => `${name.trim()} is saved`,
    onDone: (token, { name }) => {
      onClose();
      if (token !== undefined) onToken(name.trim(), token);
    },
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <TextInput label="Name" required data-autofocus autoComplete="off" {...form.getInputProps('name')} />
        <MultiSelect
          label="Scopes"
          description="The permissions that its token has; you can give those that you have."
          required
          searchable
          clearable
          hidePickedOptions
          clearButtonProps={{ 'aria-label': 'Take all scopes away' }}
          nothingFoundMessage="No such scope"
          data={scopeOptions(scopes)}
          {...form.getInputProps('scopes')}
        />
        {user !== undefined && (
          <Text size="sm" c="dimmed">
            Other scopes replace the token: the old one stops working, and you are shown the new one.
          </Text>
        )}
        {save.isError && <ErrorState error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {user === undefined ? 'Make the API user' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
