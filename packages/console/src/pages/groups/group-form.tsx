import { Alert, Button, ColorInput, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isGroupName } from '../../components/groups-input/group-name.ts';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { type Group as DeviceGroup, GROUP_READS } from './group-reads.ts';

export interface GroupDialogProps {
  /** Id or slug. */
  readonly product: string;
  /** The group that is changed; null makes a new one, undefined closes the dialog. */
  readonly group: DeviceGroup | null | undefined;
  onClose(): void;
}

/** Makes a group, or renames, describes and colors one. */
export function GroupDialog({ product, group, onClose }: GroupDialogProps) {
  return (
    <Modal
      opened={group !== undefined}
      onClose={onClose}
      title={group === null ? 'New group' : 'Edit group'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {group !== undefined && <GroupForm product={product} group={group} onClose={onClose} />}
    </Modal>
  );
}

const COLORS = ['#34495e', '#1864ab', '#0b7285', '#2b8a3e', '#e67700', '#c92a2a', '#862e9c', '#5c940d'];

interface GroupFormProps extends GroupDialogProps {
  readonly group: DeviceGroup | null;
}

function GroupForm({ product, group, onClose }: GroupFormProps) {
  const form = useForm({
    initialValues: {
      name: group?.name ?? '',
      description: group?.description ?? '',
      color: group?.color ?? '#34495e',
    },
    validate: {
      name: (name) =>
        isGroupName(name.trim()) ? null : 'A name has 1 to 64 lower-case letters, digits, - and _, without spaces',
      description: (text) => (text.length > 1000 ? 'At most 1000 characters' : null),
      color: (color) => (/^#[0-9a-f]{6}$/i.test(color) ? null : 'A color is written #rrggbb'),
    },
  });
  const params = { productIdOrSlug: product };
  const save = useChange({
    run: ({ name, description, color }: typeof form.values) => {
      const body = { name: name.trim(), description, color };
      if (group === null) return api.call('createGroup', { params, body });
      return api.call('updateGroup', { params: { ...params, groupName: group.name }, body });
    },
    changes: GROUP_READS,
    done: ({ name }) => (group === null ? `There is a group ${name.trim()} now` : `${name.trim()} is saved`),
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput
          label="Name"
          description="Lower-case letters, digits, - and _. Devices stay in a group that is renamed, and firmware stays released to it."
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <Textarea label="Description" autosize minRows={2} maxRows={6} {...form.getInputProps('description')} />
        <ColorInput
          label="Color"
          description="Beside its name in lists of devices"
          format="hex"
          swatches={COLORS}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a color from the screen' }}
          {...form.getInputProps('color')}
        />
        {save.isError && (
          <Alert color="red" variant="outline" role="alert">
            {messageOf(save.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={group !== null && !form.isDirty()}>
            {group === null ? 'Make the group' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
