import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { Dialog } from './dialog.tsx';
import type { Version } from './releases.ts';
import type { VersionDialogProps } from './version-dialogs.tsx';

export interface EditDialogProps extends VersionDialogProps {
  /** Asks whether it is to be deleted. */
  onDelete(): void;
}

/** Changes title and description of a version (OTA-06). */
export function EditDialog({ product, version, onClose, onDelete }: EditDialogProps) {
  return (
    <Dialog opened={version !== undefined} onClose={onClose} title={`Edit version ${version?.version ?? ''}`}>
      {version !== undefined && <Fields product={product} version={version} onClose={onClose} onDelete={onDelete} />}
    </Dialog>
  );
}

function Fields({ product, version, onClose, onDelete }: EditDialogProps & { readonly version: Version }) {
  const can = useCan({ kind: 'product', product });
  const form = useForm({
    initialValues: { title: version.title, description: version.description },
    validate: { title: (title) => (title.trim() === '' ? 'Each version has a title of its own' : null) },
  });
  const save = useChange({
    run: (body: typeof form.values) =>
      api.call('updateProductFirmware', {
        params: { productIdOrSlug: product, version: String(version.version) },
        body,
      }),
    changes: ['listProductFirmware', 'getProductFirmware'],
    done: () => `Version ${version.version} is saved`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput label="Title" required maxLength={200} data-autofocus {...form.getInputProps('title')} />
        <Textarea
          label="Description"
          autosize
          minRows={3}
          maxRows={10}
          maxLength={2000}
          {...form.getInputProps('description')}
        />
        {save.isError && (
          <Alert color="red" variant="outline" role="alert">
            {messageOf(save.error)}
          </Alert>
        )}
        <Group justify="space-between">
          {can('firmware:remove') ? (
            version.first_released_at === null ? (
              <Button variant="subtle" color="red" c="error" onClick={onDelete}>
                Delete version
              </Button>
            ) : (
              <Text size="sm" c="dimmed" maw={260}>
                It was released, so that it cannot be deleted. You can archive it from its menu.
              </Text>
            )
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
