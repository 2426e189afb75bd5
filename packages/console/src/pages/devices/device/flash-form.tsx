import { Button, FileInput, Group, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';
import { isInProduct } from '../list/is-in-product.ts';
import { Notice } from '../notice.tsx';
import { useDevice } from './device-context.ts';

const WAYS = [
  { value: 'file', label: 'File' },
  { value: 'app', label: 'Known application' },
];

/** Sends files, or an application that the operator has uploaded, to the device over the air. @param busy an update is under way */
export function FlashForm({ busy }: { readonly busy: boolean }) {
  const { api, device } = useDevice();
  const [way, setWay] = useState('file');
  const [files, setFiles] = useState<File[]>([]);
  const [app, setApp] = useState('');
  const [problem, setProblem] = useState<string>();
  const flash = useChange({
    run: () => api.change(way === 'file' ? formOf(files) : { app: app.trim() }),
    changes: ['listDeviceUpdates', 'listProductDeviceUpdates'],
    onDone: () => {
      setFiles([]);
      setApp('');
    },
    showsError: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isEmpty = way === 'file' ? files.length === 0 : app.trim() === '';
    setProblem(isEmpty ? (way === 'file' ? 'Choose a file' : 'Which application?') : undefined);
    if (!isEmpty && !flash.isPending) flash.mutate();
  };
  const error = problem ?? (flash.isError ? messageOf(flash.error) : undefined);
  return (
    <section aria-label="Flash">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Flash
          </Title>
          <OverwriteWarning />
          <SegmentedControl
            data={WAYS}
            value={way}
            onChange={(next) => {
              setWay(next);
              setProblem(undefined);
              flash.reset();
            }}
            aria-label="What is sent"
            style={{ alignSelf: 'flex-start' }}
          />
          <Group align="flex-start" gap="xs">
            {way === 'file' ? (
              <FileInput
                label="Firmware"
                description="A .bin file or several in the order of what they need, or a .zip bundle with assets."
                placeholder="Choose files"
                accept=".bin,.zip"
                multiple
                clearable
                clearButtonProps={{ 'aria-label': 'Clear the files' }}
                leftSection={<IconFileUpload size={18} aria-hidden />}
                value={files}
                onChange={setFiles}
                error={error}
                style={{ flex: '1 1 260px', minWidth: 0 }}
              />
            ) : (
              <TextInput
                label="Application"
                description="The name of an application that an operator has uploaded for this kind of device."
                placeholder="tinker"
                value={app}
                onChange={(event) => setApp(event.currentTarget.value)}
                error={error}
                autoComplete="off"
                style={{ flex: '1 1 260px', minWidth: 0 }}
              />
            )}
          </Group>
          <Group>
            <Button type="submit" loading={flash.isPending} disabled={busy}>
              Flash
            </Button>
            <Text size="sm" c="dimmed">
              {busy
                ? 'Another update is under way.'
                : !device.online && 'The device is offline: it cannot be flashed before it connects.'}
            </Text>
          </Group>
          {flash.data?.warning !== undefined && <Warning text={flash.data.warning} />}
        </Stack>
      </form>
    </section>
  );
}

/** A product brings its own firmware to its devices (OTA-21). */
function OverwriteWarning() {
  const { device, member } = useDevice();
  if (member === undefined ? !isInProduct(device) : member.development) return null;
  return (
    <Notice kind="warning" title="This may not last">
      {member === undefined
        ? 'The device is in a product. Unless it is marked there as a development device, the default or locked firmware of the product may overwrite at once what you flash.'
        : 'This is not a development device: the default or locked firmware of the product may overwrite at once what you flash. Mark it as a development device first, in Edit.'}
    </Notice>
  );
}

/** What may become of it; how it goes is shown by the progress of the update. */
function Warning({ text }: { readonly text: string }) {
  return (
    <Notice kind="warning" title="Update started" live>
      {text}
    </Notice>
  );
}

function formOf(files: readonly File[]): FormData {
  const form = new FormData();
  for (const [at, file] of files.entries()) form.append(at === 0 ? 'file' : `file${at}`, file, file.name);
  return form;
}
