import { Input, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import '@mantine/dropzone/styles.css';
import { IconFileText, IconUpload } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { isTextName } from './id-list.ts';

export interface ListDropProps {
  /** Of the file that was dropped. */
  readonly name: string | undefined;
  readonly disabled: boolean;
  onText(text: string, name: string): void;
}

const MOST_BYTES = 16 * 1024 * 1024;

/** Where a text file with device ids is dropped or chosen. */
export function ListDrop({ name, disabled, onText }: ListDropProps) {
  const [refused, setRefused] = useState<string>();
  const id = useId();
  const Icon = name === undefined ? IconUpload : IconFileText;
  return (
    <Input.Wrapper label="File" labelElement="div" error={refused} errorProps={{ id, role: 'alert' }}>
      <Dropzone
        mt={4}
        multiple={false}
        maxSize={MOST_BYTES}
        disabled={disabled}
        validator={(file) => (isTextName(file.name) ? null : { code: 'name', message: 'not a text file' })}
        onDrop={async ([file]) => {
          if (file === undefined) return;
          setRefused(undefined);
          onText(await file.text(), file.name);
        }}
        onReject={([rejection]) =>
          setRefused(
            rejection?.errors.some(({ code }) => code === 'file-too-large') === true
              ? `${rejection.file.name} has more than 16 MiB`
              : `${rejection?.file.name ?? 'That'} is not a .txt file`,
          )
        }
        aria-label="File of device IDs, .txt"
        inputProps={{ 'aria-label': 'File of device IDs, .txt' }}
        {...(refused !== undefined && { 'aria-describedby': id })}
      >
        <Stack align="center" gap={4} py={4}>
          <Icon size={28} aria-hidden />
          <Text ta="center" style={{ overflowWrap: 'anywhere' }}>
            {name ?? 'Drop a .txt file here, or press to choose one'}
          </Text>
          <Text size="sm" c="dimmed" ta="center">
            {name === undefined ? 'One device ID on each line' : 'Drop another file to replace it'}
          </Text>
        </Stack>
      </Dropzone>
    </Input.Wrapper>
  );
}
