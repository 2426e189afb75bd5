import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Problem } from '../../components/account-forms/problem.tsx';
import type { Place } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import type { Client } from './client.ts';
import { scopeText } from './client-kinds.ts';
import { clientOperations } from './client-operations.ts';

export interface EditClientModalProps {
  readonly place: Place;
  /** Undefined while none is edited. */
  readonly client: Client | undefined;
  onClose(): void;
}

export function EditClientModal({ place, client, onClose }: EditClientModalProps) {
  return (
    <Modal
      opened={client !== undefined}
      onClose={onClose}
      title={`Edit ${client?.name ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {client !== undefined && <EditClientForm place={place} client={client} onClose={onClose} />}
    </Modal>
  );
}

interface EditClientFormProps extends EditClientModalProps {
  readonly client: Client;
}

function EditClientForm({ place, client, onClose }: EditClientFormProps) {
  const isLimited = scopeText(place, client.scope) === scopeText(place, 'customers:create');
  const form = useForm({
    initialValues: { name: client.name, scope: isLimited ? 'customers:create' : 'none' },
    validate: { name: (value) => (value.trim() === '' ? 'Give it a name' : null) },
  });
  const operations = clientOperations(place);
  const save = useChange({
    run: ({ name, scope }: typeof form.values) =>
      operations.update(client.id, { name: name.trim(), ...(form.isDirty('scope') && { scope }) }),
    changes: operations.changes,
    done: ({ name }) => `${name.trim()} is saved`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        {save.error !== null && <Problem error={save.error} />}
        <TextInput label="Name" maxLength={100} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        {(place.kind === 'product' || isLimited) && (
          <Radio.Group label="May do" {...form.getInputProps('scope')}>
            <Stack gap="xs" mt={6}>
              <Radio value="none" label={scopeText(place, undefined)} />
              <Radio value="customers:create" label={scopeText(place, 'customers:create')} />
            </Stack>
          </Radio.Group>
        )}
        <Text size="sm" c="dimmed">
          Tokens that were given out keep what they may do. Type and redirect URI stay as they are.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
