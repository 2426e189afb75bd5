import { Code, Group, ScrollArea, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyIcon } from '../../../ui/copy.tsx';
import { parseHttpText } from './http-text.ts';

interface HttpMessageProps {
  /** Such as "Request". */
  readonly title: string;
  readonly text: string;
}

/** A request or a reply: its first line, headers and body, or as it was. */
export function HttpMessage({ title, text }: HttpMessageProps) {
  const [view, setView] = useState('pretty');
  const message = parseHttpText(text);
  if (text === '') return <Text size="sm">{title}: nothing was sent.</Text>;
  if (message.start === undefined) {
    return (
      <Text size="sm">
        {title}: none. <strong>{message.body}</strong>
      </Text>
    );
  }
  return (
    <Stack gap={6} miw={0} role="group" aria-label={title}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Group gap={4}>
          <SegmentedControl
            size="xs"
            aria-label={`How the ${title.toLowerCase()} is shown`}
            data={[
              { value: 'pretty', label: 'Pretty' },
              { value: 'raw', label: 'Raw' },
            ]}
            value={view}
            onChange={setView}
          />
          <CopyIcon value={text} what={title.toLowerCase()} />
        </Group>
      </Group>
      {view === 'raw' ? (
        <Block text={text.replaceAll('\r\n', '\n')} label={`${title}, as it was`} />
      ) : (
        <>
          <Block text={[message.start, ...message.headers].join('\n')} label={`${title}: first line and headers`} />
          {message.body === '' ? (
            <Text size="sm" c="dimmed">
              No body
            </Text>
          ) : (
            <Block text={message.pretty ?? message.body} label={`${title}: body`} />
          )}
        </>
      )}
    </Stack>
  );
}

/** Text that scrolls where it is long. */
export function Block({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <ScrollArea.Autosize mah={260} type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
      <Code
        block
        style={{
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
          border: '1px solid var(--mantine-color-default-border)',
        }}
      >
        {text}
      </Code>
    </ScrollArea.Autosize>
  );
}
