import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';

export interface RenameDeviceProps {
  readonly device: { readonly id: string; readonly name: string };
  readonly opened: boolean;
  onClose(): void;
  /** Renames by another route than that of an own device. */
  rename?(name: string): Promise<unknown>;
}

/** Asks for the new name of a device. */
export function RenameDevice(props: RenameDeviceProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={`Rename ${props.device.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.opened && <RenameForm {...props} />}
    </Modal>
  );
}

function RenameForm({ device, onClose, rename }: RenameDeviceProps) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: device.name } });
  const change = useChange({
    run: (name: string) =>
      rename?.(name) ?? api.call('updateDevice', { params: { deviceId: device.id }, body: { name } }),
    changes: ['listDevices', 'getDevice', 'getProductDevice', 'listProductDevices'],
    done: (name) => `${device.name} is called ${name} now`,
    onDone: onClose,
    showsError: true,
  });
  const submit = form.onSubmit(({ name }) => {
    const next = name.trim();
    if (next === '') return form.setFieldError('name', 'A device needs a name');
    if (next === device.name) return onClose();
    change.mutate(next, { onError: (error) => form.setFieldError('name', messageOf(error)) });
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          data-autofocus
          autoComplete="off"
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
