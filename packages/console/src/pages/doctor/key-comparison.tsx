import { Badge, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCheck, IconEqualNot, IconQuestionMark } from '@tabler/icons-react';
import { CopyIcon } from '../../ui/copy.tsx';
import type { Attempt } from './attempt-read.ts';
import { compareKeys, fingerprintText, type KeyComparison } from './attempt-words.ts';

const WORDS: Readonly<Record<KeyComparison, string>> = {
  same: 'The keys are the same',
  different: 'The keys differ',
  none_shown: 'It showed no key',
  none_registered: 'No key is registered',
  neither: 'It showed no key, and none is registered',
};

/** The key that the device showed beside the one that is registered for it now. */
export function KeyCompared({ attempt }: { readonly attempt: Attempt }) {
  const compared = compareKeys(attempt);
  const look =
    compared === 'same'
      ? { color: 'teal', variant: 'light', icon: <IconCheck size={14} aria-hidden /> }
      : compared === 'different'
        ? { color: 'red', variant: 'light', icon: <IconEqualNot size={14} aria-hidden /> }
        : { color: 'gray', variant: 'default', icon: <IconQuestionMark size={14} aria-hidden /> };
  return (
    <Stack gap="xs">
      <Badge variant={look.variant} color={look.color} leftSection={look.icon} tt="none">
        {WORDS[compared]}
      </Badge>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <Fingerprint title="Shown by the device" value={attempt.key_fingerprint} />
        <Fingerprint title="Registered now" value={attempt.registered_fingerprint} />
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        SHA-256 of the public key (DER).
      </Text>
    </Stack>
  );
}

function Fingerprint({ title, value }: { readonly title: string; readonly value: string | null }) {
  return (
    <Card withBorder padding="xs">
      <Group justify="space-between" wrap="nowrap" mih={28}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {value !== null && <CopyIcon value={value} what={`fingerprint: ${title.toLowerCase()}`} />}
      </Group>
      {value === null ? (
        <Text size="sm" c="dimmed">
          None
        </Text>
      ) : (
        <Text size="sm" className="mono">
          {fingerprintText(value)}
        </Text>
      )}
    </Card>
  );
}
