import { Alert, Button, Group, Stack, Switch, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { GroupsInput } from '../groups-input/groups-input.tsx';
import { detailsChanged } from './details-changed.ts';
import { DEVICE_READS, type ProductDevice } from './device-reads.ts';

interface DetailsFormProps {
  readonly product: string;
  readonly device: ProductDevice;
  onDone(): void;
}

/** Name, notes, groups and the development mark, saved together. */
export function DetailsForm({ product, device, onDone }: DetailsFormProps) {
  const form = useForm({
    initialValues: {
      name: device.name,
      notes: device.notes ?? '',
      groups: device.groups,
      development: device.development,
    },
    validate: { name: (name) => (name.trim() === '' ? 'A device needs a name' : null) },
  });
  const changed = detailsChanged(device, form.values);
  const save = useChange({
    run: () =>
      api.call('updateProductDevice', {
        params: { productIdOrSlug: product, deviceId: device.id },
        body: changed,
      }),
    changes: DEVICE_READS,
    done: () => `${form.values.name.trim()} is saved`,
    onDone,
    showsError: true,
  });
  const nothing = Object.keys(changed).length === 0;
  return (
    <form onSubmit={form.onSubmit(() => save.mutate())}>
      <Stack gap="sm" component="section" aria-labelledby="edit-details">
        <Title order={3} size="h5" id="edit-details">
          Details
        </Title>
        <TextInput label="Name" maxLength={200} required {...form.getInputProps('name')} />
        <Textarea label="Notes" autosize minRows={2} maxRows={8} {...form.getInputProps('notes')} />
        <GroupsInput
          product={product}
          label="Groups"
          description="A device can be in several. Firmware that is released to a group goes to the devices in it; names that are new make groups."
          value={form.values.groups}
          onChange={(groups) => form.setFieldValue('groups', groups)}
        />
        <Switch
          label="Development device"
          description="Never gets product firmware by itself, and ignores locks and releases. Whoever develops on it flashes it over USB or over the air."
          {...form.getInputProps('development', { type: 'checkbox' })}
        />
        {save.isError && (
          <Alert color="red" variant="outline" role="alert">
            {messageOf(save.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={nothing} loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
