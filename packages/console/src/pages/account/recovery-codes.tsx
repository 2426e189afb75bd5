import { Button, CopyButton, Group, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { download } from '../../ui/download-csv.ts';
import { FocusedStack } from '../../ui/focused-stack.tsx';
import classes from './recovery-codes.module.css';

export interface RecoveryCodesProps {
  readonly codes: readonly string[];
  onKept(): void;
}

/** The codes that stand in for the authenticator: shown this once. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const text = codes.join('\n').concat('\n');
  return (
    <FocusedStack>
      <Text size="sm">
        Multifactor authentication is on. Each of these codes logs you in once when you do not have the authenticator.
        They are shown only now: keep them where you keep passwords.
      </Text>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => download('recovery-codes.txt', text, 'text/plain;charset=utf-8')}
        >
          Download
        </Button>
      </Group>
      <Group justify="flex-end">
        <Button onClick={onKept}>I have kept them</Button>
      </Group>
    </FocusedStack>
  );
}
