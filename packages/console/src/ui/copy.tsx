import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

export interface CopyIconProps {
  readonly value: string;
  /** What is copied, such as "device ID". */
  readonly what: string;
}

/** A button that copies a value to the clipboard. */
export function CopyIcon({ value, what }: CopyIconProps) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={copied ? 'Copied' : `Copy ${what}`}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A command as it is to be typed, with a button that copies it. */
export function Command({ children }: { readonly children: string }) {
  return (
    <Group wrap="nowrap" gap="xs" align="flex-start" w="100%">
      <Code block style={{ flex: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', textAlign: 'left' }}>
        {children}
      </Code>
      <CopyIcon value={children} what="command" />
    </Group>
  );
}
