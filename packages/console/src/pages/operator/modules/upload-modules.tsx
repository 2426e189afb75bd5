import { Button, FileInput, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';

export interface UploadModulesProps {
  readonly opened: boolean;
  onClose(): void;
}

/** Uploads parts of Device OS, perhaps with an application that is flashed by a name. */
export function UploadModules({ opened, onClose }: UploadModulesProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Upload modules" closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && <UploadForm onClose={onClose} />}
    </Modal>
  );
}

interface UploadValues {
  readonly files: File[];
  readonly name: string;
}

function UploadForm({ onClose }: Pick<UploadModulesProps, 'onClose'>) {
  const initialValues: UploadValues = { files: [], name: '' };
  const form = useForm({
    initialValues,
    validate: { files: (files) => (files.length === 0 ? 'One .bin file or several' : null) },
  });
  const upload = useChange({
    run: ({ files, name }: UploadValues) => {
      const body = new FormData();
      if (name.trim() !== '') body.set('name', name.trim());
      for (const [at, file] of files.entries()) body.set(at === 0 ? 'file' : `file${at + 1}`, file);
      return api.call('addFirmwareModules', { body });
    },
    changes: ['listFirmwareModules'],
    done: (_values, { modules }) =>
      modules.length === 1 ? 'One module is in the library' : `${modules.length} modules are in the library`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => upload.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          System parts, bootloaders, network processor firmware, radio stacks. All files are taken or none.
        </Text>
        <FileInput
          label="Files"
          description=".bin, at most 8 MiB each"
          placeholder="Choose files"
          accept=".bin"
          multiple
          clearable
          clearButtonProps={{ 'aria-label': 'Choose none' }}
          required
          {...form.getInputProps('files')}
        />
        <TextInput
          label="Name of the application"
          description="Only when one of the files is an application: it is flashed by this name"
          {...form.getInputProps('name')}
        />
        {upload.isError && <ErrorState error={upload.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={upload.isPending}>
            Upload
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
