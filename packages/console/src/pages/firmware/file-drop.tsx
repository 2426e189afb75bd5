import { Badge, Group, Input, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import '@mantine/dropzone/styles.css';
import { IconFileCode, IconFileZip, IconUpload } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { sizeText } from './format.ts';
import { type ReadFile, readFacts } from './use-file-facts.ts';

export interface FileDropProps {
  readonly file: File | undefined;
  readonly facts: ReadFile['facts'];
  readonly error: ReactNode;
  readonly disabled: boolean;
  onFile(file: File, facts: ReadFile['facts']): void;
}

const MOST_BYTES = 8 * 1024 * 1024;

/** Where a .bin or .zip file is dropped or chosen; then it shows what the file says about itself. */
export function FileDrop({ file, facts, error, disabled, onFile }: FileDropProps) {
  const [refused, setRefused] = useState<string>();
  const id = useId();
  const shown = refused ?? error;
  const Icon = facts?.kind === 'bundle' ? IconFileZip : IconFileCode;
  return (
    <Input.Wrapper label="File" withAsterisk error={shown} errorProps={{ id, role: 'alert', mt: 4 }} labelElement="div">
      <Dropzone
        mt={4}
        multiple={false}
        maxSize={MOST_BYTES}
        disabled={disabled}
        validator={({ name }) => (/\.(bin|zip)$/i.test(name) ? null : { code: 'name', message: 'not .bin or .zip' })}
        onDrop={async ([dropped]) => {
          setRefused(undefined);
          if (dropped !== undefined) onFile(dropped, await readFacts(dropped));
        }}
        onReject={([rejection]) =>
          setRefused(
            rejection?.errors.some(({ code }) => code === 'file-too-large') === true
              ? `${rejection.file.name} has more than 8 MiB`
              : `${rejection?.file.name ?? 'That'} is neither a .bin nor a .zip file`,
          )
        }
        aria-label="Firmware file, .bin or .zip"
        inputProps={{ 'aria-label': 'Firmware file, .bin or .zip' }}
        {...(shown != null && { 'aria-describedby': id })}
      >
        {file === undefined ? (
          <Stack align="center" gap={4} py="sm">
            <IconUpload size={28} aria-hidden />
            <Text>Drop a .bin or .zip file here, or press to choose one</Text>
            <Text size="sm" c="dimmed">
              At most 8 MiB
            </Text>
          </Stack>
        ) : (
          <Group wrap="nowrap" gap="md">
            <Icon size={32} aria-hidden style={{ flexShrink: 0 }} />
            <Stack gap={4} style={{ minWidth: 0 }}>
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {file.name}
              </Text>
              <Text size="sm" c="dimmed">
                {sizeText(file.size)}. Drop or choose another file to replace it.
              </Text>
              <FileSays facts={facts} />
            </Stack>
          </Group>
        )}
      </Dropzone>
    </Input.Wrapper>
  );
}

function FileSays({ facts }: Pick<FileDropProps, 'facts'>) {
  if (facts === undefined) {
    return (
      <Text size="sm" c="dimmed">
        What is in it shows when the cloud has read it.
      </Text>
    );
  }
  const { kind, version, productId, platformId } = facts;
  return (
    <Group gap={6}>
      <Badge variant="default" tt="none">
        {version === undefined ? 'no version' : `version ${version}`}
      </Badge>
      <Badge variant="default" tt="none">
        {productId === undefined || productId === platformId ? 'no product id' : `product ${productId}`}
      </Badge>
      <Badge variant="default" tt="none">
        platform {platformId}
      </Badge>
      {kind === 'bundle' && (
        <Badge variant="default" tt="none">
          bundle
        </Badge>
      )}
    </Group>
  );
}
