import { Alert, Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconUpload } from '@tabler/icons-react';
import { useRef } from 'react';
import { CopyIcon } from '../../../ui/copy.tsx';
import { download } from '../../../ui/download-csv.ts';
import { parseSettings } from '../settings/parse-settings.ts';
import { KeyNotes } from './key-notes.tsx';

interface JsonTabProps {
  readonly text: string;
  onChange(text: string): void;
  readonly readOnly: boolean;
}

/** The settings as JSON, as files of the command line have them (INT-04). */
export function JsonTab({ text, onChange, readOnly }: JsonTabProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const parsed = parseSettings(text);
  const show = (offset: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(offset, Math.min(text.length, offset + 1));
  };
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {!readOnly && (
          <FileButton
            accept="application/json,.json"
            onChange={(file) => {
              if (file !== null) void file.text().then(onChange);
            }}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
                Open a file
              </Button>
            )}
          </FileButton>
        )}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download('integration.json', text, 'application/json')}
        >
          Download
        </Button>
        <CopyIcon value={text} what="JSON" />
      </Group>
      <Textarea
        ref={area}
        label="Settings as JSON"
        description="The same keys as in files for particle webhook create"
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        readOnly={readOnly}
        error={!parsed.ok}
        autosize
        minRows={12}
        maxRows={40}
        spellCheck={false}
        autoComplete="off"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <div aria-live="polite">
        {parsed.ok ? (
          <KeyNotes settings={parsed.settings} leftOut={parsed.leftOut} repeated={parsed.repeated} />
        ) : (
          <Alert
            color="red"
            variant="outline"
            icon={<IconAlertTriangle aria-hidden />}
            title={`Line ${parsed.line}, column ${parsed.column}`}
          >
            <Group justify="space-between">
              <Text size="sm">{parsed.message}</Text>
              <Button size="compact-sm" variant="default" onClick={() => show(parsed.offset)}>
                Go there
              </Button>
            </Group>
          </Alert>
        )}
      </div>
    </Stack>
  );
}
