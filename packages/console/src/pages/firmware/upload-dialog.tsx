import { Alert, Button, Group, NumberInput, Progress, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { Dialog } from './dialog.tsx';
import { FileDrop } from './file-drop.tsx';
import { type NewVersion, sendFirmware } from './send-file.ts';
import { type ReadFile, useFileFacts } from './use-file-facts.ts';

export interface UploadDialogProps {
  readonly product: string;
  readonly opened: boolean;
  onClose(): void;
  /** The number that stands there until a file says another one. */
  readonly suggested: number;
}

/** Uploads a version: number, title, description and the file (OTA-05). */
export function UploadDialog({ product, opened, onClose, suggested }: UploadDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Upload firmware">
      <Fields product={product} suggested={suggested} onClose={onClose} />
    </Dialog>
  );
}

function Fields({ product, suggested, onClose }: Omit<UploadDialogProps, 'opened'>) {
  const [part, setPart] = useState(0);
  const [isTyped, setIsTyped] = useState(false);
  const ending = useRef<AbortController>(undefined);
  // Whoever closes the dialog ends the upload.
  useEffect(() => () => ending.current?.abort(), []);
  const form = useForm<{ version: number | string; title: string; description: string; file: File | undefined }>({
    initialValues: { version: suggested, title: '', description: '', file: undefined },
    validate: {
      version: (version) =>
        Number.isInteger(Number(version)) && Number(version) >= 1 && Number(version) <= 65_535
          ? null
          : 'A whole number from 1 to 65535',
      title: (title) => (title.trim() === '' ? 'Give it a title that tells it from other versions' : null),
      file: (file) => (file === undefined ? 'Drop a .bin or .zip file here' : null),
    },
  });
  const upload = useChange({
    run: (version: NewVersion) => {
      ending.current = new AbortController();
      setPart(0);
      return sendFirmware(version, setPart, ending.current.signal);
    },
    changes: ['listProductFirmware'],
    done: ({ version }) => `Version ${version} is uploaded`,
    onDone: onClose,
    showsError: true,
  });
  const take = (file: File, facts: ReadFile['facts']) => {
    upload.reset();
    form.setFieldValue('file', file);
    form.clearFieldError('file');
    if (facts?.version !== undefined && !isTyped) form.setFieldValue('version', facts.version);
  };
  const { facts, problems } = useFileFacts(product, form.values.file, Number(form.values.version));
  return (
    <form
      onSubmit={form.onSubmit(({ file, version, ...texts }) => {
        if (file !== undefined) upload.mutate({ product, file, version: Number(version), ...texts });
      })}
    >
      <Stack>
        <FileDrop
          file={form.values.file}
          facts={facts}
          error={form.errors.file}
          disabled={upload.isPending}
          onFile={take}
        />
        <NumberInput
          label="Version"
          description="The same number as PRODUCT_VERSION in the file. Raise it with each upload."
          required
          min={1}
          max={65_535}
          allowDecimal={false}
          disabled={upload.isPending}
          {...form.getInputProps('version')}
          onChange={(value) => {
            setIsTyped(true);
            form.setFieldValue('version', value);
          }}
        />
        <TextInput
          label="Title"
          description="A few words that tell it from other versions."
          required
          maxLength={200}
          disabled={upload.isPending}
          data-autofocus
          {...form.getInputProps('title')}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          disabled={upload.isPending}
          {...form.getInputProps('description')}
        />
        {problems.length > 0 && !upload.isError && (
          <Alert variant="default" icon={<IconAlertTriangle aria-hidden />} title="The cloud will refuse this file">
            {problems.map((text) => (
              <Text key={text} size="sm">
                {text}
              </Text>
            ))}
          </Alert>
        )}
        {upload.isError && (
          <Alert color="red" variant="outline" role="alert" title="The upload was refused">
            {messageOf(upload.error)}
          </Alert>
        )}
        {upload.isPending && (
          <Stack gap={4}>
            <Progress value={part * 100} aria-label="Upload" animated={part === 1} />
            <Text size="sm" c="dimmed">
              {part < 1 ? `${Math.round(part * 100)} % sent` : 'Sent; the cloud checks it'}
            </Text>
          </Stack>
        )}
        <Group justify="flex-end" gap="xs">
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
